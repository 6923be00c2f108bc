#include "abi.h"

using cv::Mat;
using vision::Argument;
using vision::guarded;
using vision::Input;

VISION_CV int vision_cv_add(Input a, Input b, Mat* result, Input mask, int type) {
    return guarded([&] { cv::add(Argument(a), Argument(b), *result, Argument(mask), type); });
}

VISION_CV int vision_cv_subtract(Input a, Input b, Mat* result, Input mask, int type) {
    return guarded([&] { cv::subtract(Argument(a), Argument(b), *result, Argument(mask), type); });
}

VISION_CV int vision_cv_multiply(Input a, Input b, Mat* result, double scale, int type) {
    return guarded([&] { cv::multiply(Argument(a), Argument(b), *result, scale, type); });
}

VISION_CV int vision_cv_absdiff(Input a, Input b, Mat* result) {
    return guarded([&] { cv::absdiff(Argument(a), Argument(b), *result); });
}

VISION_CV int vision_cv_add_weighted(Input a, double alpha, Input b, double beta, double gamma, Mat* result, int type) {
    return guarded([&] { cv::addWeighted(Argument(a), alpha, Argument(b), beta, gamma, *result, type); });
}

VISION_CV int vision_cv_convert_scale_abs(Input source, Mat* result, double alpha, double beta) {
    return guarded([&] { cv::convertScaleAbs(Argument(source), *result, alpha, beta); });
}

VISION_CV int vision_cv_lut(Input source, Input table, Mat* result) {
    return guarded([&] { cv::LUT(Argument(source), Argument(table), *result); });
}

VISION_CV int vision_cv_mean(Input source, Input mask, cv::Scalar* result) {
    return guarded([&] { *result = cv::mean(Argument(source), Argument(mask)); });
}

VISION_CV int vision_cv_sum(Input source, cv::Scalar* result) {
    return guarded([&] { *result = cv::sum(Argument(source)); });
}

VISION_CV int vision_cv_count_non_zero(Input source, int* result) {
    return guarded([&] { *result = cv::countNonZero(Argument(source)); });
}

VISION_CV int vision_cv_min_max_loc(Input source, double* min, double* max, cv::Point* minAt, cv::Point* maxAt, Input mask) {
    return guarded([&] { cv::minMaxLoc(Argument(source), min, max, minAt, maxAt, Argument(mask)); });
}

VISION_CV int vision_cv_split(const Mat* source, Mat** results) {
    return guarded([&] {
        std::vector<Mat> planes;
        cv::split(*source, planes);
        for (size_t i = 0; i < planes.size(); i++) *results[i] = planes[i];
    });
}

VISION_CV int vision_cv_merge(Mat** planes, int count, Mat* result) {
    return guarded([&] {
        std::vector<Mat> headers;
        for (int i = 0; i < count; i++) headers.push_back(*planes[i]);
        cv::merge(headers, *result);
    });
}

VISION_CV int vision_cv_set_num_threads(int count) {
    return guarded([&] { cv::setNumThreads(count); });
}

VISION_CV int vision_cv_get_num_threads() { return cv::getNumThreads(); }
