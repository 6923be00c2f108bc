#include "abi.h"

#include <opencv2/highgui.hpp>

using cv::Mat;
using vision::guarded;

VISION_CV int vision_cv_named_window(const char* name, int flags) {
    return guarded([&] { cv::namedWindow(name, flags); });
}

VISION_CV int vision_cv_imshow(const char* name, const Mat* image) {
    return guarded([&] { cv::imshow(name, *image); });
}

VISION_CV int vision_cv_wait_key(int delay, int* key) {
    return guarded([&] { *key = cv::waitKey(delay); });
}

VISION_CV int vision_cv_window_property(const char* name, int property, double* value) {
    return guarded([&] { *value = cv::getWindowProperty(name, property); });
}

VISION_CV int vision_cv_destroy_window(const char* name) {
    return guarded([&] { cv::destroyWindow(name); });
}
