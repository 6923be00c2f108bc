// The two inner loops of RoIAlign on the CPU, for rows of any length: eight values at a time, up to 32 held in registers.
#pragma once

#include "RoiAlignPlan.h"
#include "Simd.h"

namespace vision {

template <int Blocks, typename T>
VISION_INLINE void weightedSumOfBlocks(const Tap<T>* tap, const Tap<T>* last, const T* source, int64_t stride, T* target) {
  Lanes<T> sums[Blocks]{};
  for (; tap < last; ++tap) {
    const T* row = source + tap->pixel * stride;
    for (int block = 0; block < Blocks; ++block) {
      Lanes<T> values;
      load<T>(values, row + block * kLanes);
      sums[block] += values * tap->weight;
    }
  }
  for (int block = 0; block < Blocks; ++block) {
    store<T>(target + block * kLanes, sums[block]);
  }
}

/// target[i] = Σ weight · source[pixel · stride + i] over the taps in [first, last), for i < count.
template <typename T>
VISION_INLINE void weightedSum(
    const Tap<T>* first, const Tap<T>* last, const T* source, int64_t stride, int64_t count, T* target) {
  int64_t i = 0;
  for (; i + 4 * kLanes <= count; i += 4 * kLanes) {
    weightedSumOfBlocks<4>(first, last, source + i, stride, target + i);
  }
  switch ((count - i) / kLanes) {
    case 3:
      weightedSumOfBlocks<3>(first, last, source + i, stride, target + i);
      break;
    case 2:
      weightedSumOfBlocks<2>(first, last, source + i, stride, target + i);
      break;
    case 1:
      weightedSumOfBlocks<1>(first, last, source + i, stride, target + i);
      break;
  }
  for (i = count / kLanes * kLanes; i < count; ++i) {
    T sum = 0;
    for (const Tap<T>* tap = first; tap < last; ++tap) {
      sum += source[tap->pixel * stride + i] * tap->weight;
    }
    target[i] = sum;
  }
}

/// target[i] += weight · source[i], for i < count.
template <typename T>
VISION_INLINE void addScaled(const T* source, T weight, int64_t count, T* target) {
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    Lanes<T> sum;
    Lanes<T> addend;
    load<T>(sum, target + i);
    load<T>(addend, source + i);
    sum += addend * weight;
    store<T>(target + i, sum);
  }
  for (; i < count; ++i) {
    target[i] += source[i] * weight;
  }
}

}  // namespace vision
