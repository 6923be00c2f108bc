#include "abi.h"

#include <string>

namespace {
thread_local std::string lastError;
}

void vision::keepError(const char* message) noexcept {
    try {
        lastError = message;
    } catch (...) {
        lastError.clear();
    }
}

// The message of this thread's latest failure; valid until its next one.
VISION_CV const char* vision_cv_error() { return lastError.c_str(); }
