// What differs between the libtorch versions that the bridge is built against (1.13 to 2.x). Nothing else tests the version.
#pragma once

#include <torch/version.h>

#include <c10/util/Optional.h>
#include <optional>

namespace vision {

#if TORCH_VERSION_MAJOR >= 2 && TORCH_VERSION_MINOR >= 3
template <typename T> using optional = std::optional<T>;
#else
template <typename T> using optional = c10::optional<T>;
#endif

}  // namespace vision
