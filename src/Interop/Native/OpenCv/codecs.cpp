#include "abi.h"

#include <opencv2/imgcodecs.hpp>

using cv::Mat;
using vision::guarded;

// An image that cannot be read gives an empty matrix, as in OpenCV.
VISION_CV int vision_cv_imread(const char* file, int flags, Mat* result) {
    return guarded([&] { *result = cv::imread(file, flags); });
}

VISION_CV int vision_cv_imdecode(const uint8_t* data, int64_t length, int flags, Mat* result) {
    return guarded([&] {
        CV_Assert(length > 0 && length <= INT32_MAX);
        *result = cv::imdecode(Mat(1, static_cast<int>(length), CV_8UC1, const_cast<uint8_t*>(data)), flags);
    });
}

VISION_CV int vision_cv_imwrite(const char* file, const Mat* image, const int* parameters, int count, int* written) {
    return guarded([&] { *written = cv::imwrite(file, *image, std::vector<int>(parameters, parameters + count)); });
}

// The encoded bytes come back as a matrix of one row.
VISION_CV int vision_cv_imencode(const char* extension, vision::Input image, const int* parameters, int count, Mat* result, int* encoded) {
    return guarded([&] {
        std::vector<uint8_t> bytes;
        *encoded = cv::imencode(extension, vision::Argument(image), bytes, std::vector<int>(parameters, parameters + count));
        *result = Mat(1, static_cast<int>(bytes.size()), CV_8UC1, bytes.data()).clone();
    });
}
