// Short vectors for the CPU kernels, in the compiler's own vector types: the same source becomes SSE2, AVX2 or NEON code.
#pragma once

#include <cstdint>
#include <cstring>

namespace vision {

constexpr int64_t kLanes = 8;

template <typename T>
struct LanesOf {
  typedef T type __attribute__((vector_size(kLanes * sizeof(T))));
};

/// Eight neighbouring values of type T.
template <typename T>
using Lanes = typename LanesOf<T>::type;

#define VISION_INLINE inline __attribute__((always_inline))

// The library is built once and must run on every x86-64 machine: the hot loops are compiled for AVX2 as well, and the
// loader picks. "default" has no fused multiply-add, so code whose rounding decides a comparison must stay out of the clones.
#if defined(__x86_64__) && defined(__linux__)
#define VISION_CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define VISION_CLONES
#endif

template <typename T>
VISION_INLINE void load(Lanes<T>& lanes, const T* source) {
  std::memcpy(&lanes, source, sizeof(lanes));
}

template <typename T>
VISION_INLINE void store(T* target, const Lanes<T>& lanes) {
  std::memcpy(target, &lanes, sizeof(lanes));
}

constexpr int64_t roundUpToLanes(int64_t count) {
  return (count + kLanes - 1) / kLanes * kLanes;
}

}  // namespace vision
