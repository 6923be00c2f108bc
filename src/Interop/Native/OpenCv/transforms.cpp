#include "abi.h"

#include <opencv2/imgproc.hpp>

using cv::Mat;
using vision::Argument;
using vision::guarded;
using vision::Input;

VISION_CV int vision_cv_cvt_color(Input source, Mat* result, int code, int channels) {
    return guarded([&] { cv::cvtColor(Argument(source), *result, code, channels); });
}

VISION_CV int vision_cv_resize(Input source, Mat* result, vision::Size size, double fx, double fy, int interpolation) {
    return guarded([&] { cv::resize(Argument(source), *result, size, fx, fy, interpolation); });
}

VISION_CV int vision_cv_flip(Input source, Mat* result, int code) {
    return guarded([&] { cv::flip(Argument(source), *result, code); });
}

VISION_CV int vision_cv_rotate(Input source, Mat* result, int code) {
    return guarded([&] { cv::rotate(Argument(source), *result, code); });
}

VISION_CV int vision_cv_copy_make_border(Input source, Mat* result, int top, int bottom, int left, int right, int type, vision::Scalar value) {
    return guarded([&] { cv::copyMakeBorder(Argument(source), *result, top, bottom, left, right, type, value); });
}

VISION_CV int vision_cv_warp_affine(Input source, Mat* result, Input matrix, vision::Size size, int flags, int border, vision::Scalar value) {
    return guarded([&] { cv::warpAffine(Argument(source), *result, Argument(matrix), size, flags, border, value); });
}

VISION_CV int vision_cv_rotation_matrix(vision::PointF centre, double angle, double scale, Mat* result) {
    return guarded([&] { *result = cv::getRotationMatrix2D(centre, angle, scale); });
}

VISION_CV int vision_cv_gaussian_blur(Input source, Mat* result, vision::Size kernel, double sigmaX, double sigmaY, int border) {
    return guarded([&] { cv::GaussianBlur(Argument(source), *result, kernel, sigmaX, sigmaY, border); });
}
