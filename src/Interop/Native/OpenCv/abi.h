// The shape of every exported function: it returns 0, or 1 with the message kept for vision_cv_error.
#pragma once

#include <opencv2/core.hpp>

#define VISION_CV extern "C" __attribute__((visibility("default")))

namespace vision {

void keepError(const char* message) noexcept;

template <class Body>
int guarded(Body&& body) noexcept {
    try {
        body();
        return 0;
    } catch (const cv::Exception& error) {
        keepError(error.what());
    } catch (const std::exception& error) {
        keepError(error.what());
    } catch (...) {
        keepError("an unknown native exception");
    }
    return 1;
}

}  // namespace vision
