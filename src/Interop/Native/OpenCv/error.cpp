#include "abi.h"

#include <string>

namespace {

struct {
    int code = cv::Error::StsError;
    int line = 0;
    std::string message, function, file;
} thread_local lastError;

}  // namespace

void vision::keepError(const cv::Exception& error) noexcept {
    try {
        lastError = {error.code, error.line, error.err, error.func, error.file};
    } catch (...) {
        keepError(nullptr);
    }
}

void vision::keepError(const char* message) noexcept {
    lastError.code = cv::Error::StsError;
    lastError.line = 0;
    lastError.function.clear();
    lastError.file.clear();
    try {
        lastError.message = message ? message : "";
    } catch (...) {
        lastError.message.clear();
    }
}

// This thread's latest failure; the strings are valid until its next one.
VISION_CV void vision_cv_error(int32_t* code, const char** message, const char** function, const char** file, int32_t* line) {
    *code = lastError.code;
    *message = lastError.message.c_str();
    *function = lastError.function.c_str();
    *file = lastError.file.c_str();
    *line = lastError.line;
}
