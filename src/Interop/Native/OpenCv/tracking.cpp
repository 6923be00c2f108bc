#include "abi.h"

#include <opencv2/video/tracking.hpp>

using cv::Mat;
using vision::Argument;
using vision::guarded;
using vision::Input;

VISION_CV int vision_cv_flow_farneback(Input before, Input after, Mat* flow, double scale, int levels, int window, int iterations, int poly, double sigma, int flags) {
    return guarded([&] { cv::calcOpticalFlowFarneback(Argument(before), Argument(after), *flow, scale, levels, window, iterations, poly, sigma, flags); });
}
