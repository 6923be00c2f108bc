// RoIAlign on features of which every pixel is a run of channels. Vectors run along the channels, a chunk of them at a time.
// Forward, regions are independent. Backward, work is split over (image, chunk): a chunk of an image belongs to one thread,
// which fixes the order of the sums, and so the result.
#pragma once

#include <ATen/Parallel.h>

#include <vector>

#include "WeightedSum.h"

namespace vision {

constexpr int64_t kChunk = 32;  // channels: all of them in registers

/// A region with its taps, in plain pointers, since functions compiled for AVX2 cannot inline the library's.
template <typename T>
struct RegionView {
  int64_t pooledHeight;
  int64_t pooledWidth;
  int64_t left;
  int64_t span;
  const Tap<T>* rowTaps;
  const int64_t* rowStarts;
  const Tap<T>* columnTaps;
  const int64_t* columnStarts;
  int64_t rowStride;    // values from a row to the next
  int64_t pixelStride;  // values from a pixel to the next: all channels

  RegionView(const Plan<T>& plan, const Region<T>& region, int64_t channels)
      : pooledHeight(plan.pooledHeight),
        pooledWidth(plan.pooledWidth),
        left(region.left),
        span(region.span),
        rowTaps(plan.rows.taps.data()),
        rowStarts(plan.rows.starts.data() + region.firstRow),
        columnTaps(plan.columns.taps.data()),
        columnStarts(plan.columns.starts.data() + region.firstColumn),
        rowStride(plan.width * channels),
        pixelStride(channels) {}
};

template <typename T>
int64_t scratchSize(const Plan<T>& plan) {
  return (plan.longestSpan + plan.pooledWidth) * kChunk;
}

/// Pools `count` channels of one region. `image` starts at the first of them; bins of a channel are contiguous in `output`.
template <typename T>
VISION_INLINE void poolChunk(const RegionView<T>& region, const T* image, int64_t count, T* output, T* scratch) {
  T* line = scratch;
  T* bins = scratch + region.span * kChunk;
  int64_t binCount = region.pooledHeight * region.pooledWidth;
  for (int64_t row = 0; row < region.pooledHeight; ++row) {
    for (int64_t x = 0; x < region.span; ++x) {
      weightedSum(
          region.rowTaps + region.rowStarts[row],
          region.rowTaps + region.rowStarts[row + 1],
          image + (region.left + x) * region.pixelStride,
          region.rowStride,
          count,
          line + x * kChunk);
    }
    for (int64_t column = 0; column < region.pooledWidth; ++column) {
      weightedSum(
          region.columnTaps + region.columnStarts[column],
          region.columnTaps + region.columnStarts[column + 1],
          line - region.left * kChunk,
          kChunk,
          count,
          bins + column * kChunk);
    }
    for (int64_t channel = 0; channel < count; ++channel) {
      T* target = output + channel * binCount + row * region.pooledWidth;
      for (int64_t column = 0; column < region.pooledWidth; ++column) {
        target[column] = bins[column * kChunk + channel];
      }
    }
  }
}

/// Adds the gradient of one region to `count` channels of its image.
template <typename T>
VISION_INLINE void spreadChunk(const RegionView<T>& region, const T* grad, int64_t count, T* image, T* scratch) {
  T* line = scratch;
  T* bins = scratch + region.span * kChunk;
  int64_t binCount = region.pooledHeight * region.pooledWidth;
  for (int64_t row = 0; row < region.pooledHeight; ++row) {
    for (int64_t channel = 0; channel < count; ++channel) {
      const T* source = grad + channel * binCount + row * region.pooledWidth;
      for (int64_t column = 0; column < region.pooledWidth; ++column) {
        bins[column * kChunk + channel] = source[column];
      }
    }
    for (int64_t i = 0; i < region.span * kChunk; ++i) {
      line[i] = 0;
    }
    for (int64_t column = 0; column < region.pooledWidth; ++column) {
      for (int64_t tap = region.columnStarts[column]; tap < region.columnStarts[column + 1]; ++tap) {
        T* pixel = line + (region.columnTaps[tap].pixel - region.left) * kChunk;
        addScaled(bins + column * kChunk, region.columnTaps[tap].weight, count, pixel);
      }
    }
    for (int64_t tap = region.rowStarts[row]; tap < region.rowStarts[row + 1]; ++tap) {
      T* pixels = image + region.rowTaps[tap].pixel * region.rowStride + region.left * region.pixelStride;
      for (int64_t x = 0; x < region.span; ++x) {
        addScaled(line + x * kChunk, region.rowTaps[tap].weight, count, pixels + x * region.pixelStride);
      }
    }
  }
}

/// Calls work(region, firstChannel, count, scratch) for every region and chunk, on all threads.
template <typename T, typename Work>
void forEachRegion(const Plan<T>& plan, int64_t channels, const Work& work) {
  at::parallel_for(0, static_cast<int64_t>(plan.regions.size()), 1, [&](int64_t begin, int64_t end) {
    std::vector<T> scratch(scratchSize(plan));
    for (int64_t i = begin; i < end; ++i) {
      for (int64_t channel = 0; channel < channels; channel += kChunk) {
        work(plan.regions[i], channel, std::min(kChunk, channels - channel), scratch.data());
      }
    }
  });
}

/// Calls work(image, firstChannel, count, scratch) for every image and chunk, on all threads.
template <typename T, typename Work>
void forEachChunk(const Plan<T>& plan, int64_t images, int64_t channels, const Work& work) {
  int64_t chunks = (channels + kChunk - 1) / kChunk;
  at::parallel_for(0, images * chunks, 1, [&](int64_t begin, int64_t end) {
    std::vector<T> scratch(scratchSize(plan));
    for (int64_t task = begin; task < end; ++task) {
      int64_t channel = task / images * kChunk;
      work(task % images, channel, std::min(kChunk, channels - channel), scratch.data());
    }
  });
}

}  // namespace vision
