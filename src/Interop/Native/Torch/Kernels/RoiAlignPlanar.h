// RoIAlign on features of which every channel is a plane [H, W]. Work is split over (image, channel) planes: a plane stays in
// cache for all its regions, and in the backward pass belongs to one thread, which fixes the order of the sums, and so the result.
#pragma once

#include <ATen/Parallel.h>

#include <vector>

#include "WeightedSum.h"

namespace vision {

constexpr int64_t kLineGroup = 4;  // lines that are pooled together, so that their sums do not wait for each other

enum class Direction { Forward, Backward };

/// A plan with its column weights as matrices, which reads all bins of a line (or all columns of a bin) at a time.
template <typename T>
struct PlanarPlan {
  int64_t pooledHeight;
  int64_t pooledWidth;
  int64_t width;
  int64_t paddedHeight;  // whole groups of lines
  int64_t paddedWidth;   // whole lanes
  int64_t lineLength;    // whole lanes

  struct Part {
    Region<T> region;
    const int64_t* rowStarts;
    int64_t firstWeight;
  };

  std::vector<Part> parts{};
  std::vector<T> weights{};  // for each region; forward: [span, bins], backward: [bins, span], padded to whole lanes
  const Tap<T>* rowTaps;
  const int64_t* imageStarts;

  PlanarPlan(const Plan<T>& plan, Direction direction)
      : pooledHeight(plan.pooledHeight),
        pooledWidth(plan.pooledWidth),
        width(plan.width),
        paddedHeight((plan.pooledHeight + kLineGroup - 1) / kLineGroup * kLineGroup),
        paddedWidth(roundUpToLanes(plan.pooledWidth)),
        lineLength(roundUpToLanes(plan.longestSpan)),
        rowTaps(plan.rows.taps.data()),
        imageStarts(plan.imageStarts.data()) {
    for (Region<T> region : plan.regions) {
      // Whole lanes where the plane is wide enough: the extra columns have weight zero.
      region.span = std::min(roundUpToLanes(region.span), width);
      region.left = std::min(region.left, width - region.span);
      int64_t paddedSpan = roundUpToLanes(region.span);
      int64_t first = static_cast<int64_t>(weights.size());
      parts.push_back({region, plan.rows.starts.data() + region.firstRow, first});
      weights.resize(first + (direction == Direction::Forward ? region.span * paddedWidth : pooledWidth * paddedSpan));
      for (int64_t bin = 0; bin < pooledWidth; ++bin) {
        const int64_t* starts = plan.columns.starts.data() + region.firstColumn + bin;
        for (int64_t tap = starts[0]; tap < starts[1]; ++tap) {
          int64_t x = plan.columns.taps[tap].pixel - region.left;
          weights[first + (direction == Direction::Forward ? x * paddedWidth + bin : bin * paddedSpan + x)] +=
              plan.columns.taps[tap].weight;
        }
      }
    }
  }

  int64_t scratchSize() const {
    return paddedHeight * (lineLength + paddedWidth);
  }
};

/// The part of a plan that one plane needs: plain pointers, since functions compiled for AVX2 cannot inline the library's.
template <typename T>
struct PlanarView {
  int64_t pooledHeight;
  int64_t pooledWidth;
  int64_t width;
  int64_t paddedHeight;
  int64_t paddedWidth;
  int64_t lineLength;
  const typename PlanarPlan<T>::Part* parts;
  int64_t partCount;
  const Tap<T>* rowTaps;
  const T* weights;

  PlanarView(const PlanarPlan<T>& plan, int64_t image)
      : pooledHeight(plan.pooledHeight),
        pooledWidth(plan.pooledWidth),
        width(plan.width),
        paddedHeight(plan.paddedHeight),
        paddedWidth(plan.paddedWidth),
        lineLength(plan.lineLength),
        parts(plan.parts.data() + plan.imageStarts[image]),
        partCount(plan.imageStarts[image + 1] - plan.imageStarts[image]),
        rowTaps(plan.rowTaps),
        weights(plan.weights.data()) {}
};

/// A group of lines times the column weights: eight bins of each line.
template <typename T>
VISION_INLINE void sumColumns(const PlanarView<T>& plan, const T* lines, int64_t span, const T* weights, T* bins) {
  Lanes<T> sums[kLineGroup]{};
  for (int64_t x = 0; x < span; ++x, weights += plan.paddedWidth) {
    Lanes<T> weight;
    load<T>(weight, weights);
    for (int64_t k = 0; k < kLineGroup; ++k) {
      sums[k] += weight * lines[k * plan.lineLength + x];
    }
  }
  for (int64_t k = 0; k < kLineGroup; ++k) {
    store<T>(bins + k * plan.paddedWidth, sums[k]);
  }
}

/// Pools one plane for all regions of its image into `output`, whose regions are `stride` apart.
template <typename T>
VISION_INLINE void poolPlane(const PlanarView<T>& plan, const T* plane, T* output, int64_t stride, T* scratch) {
  T* lines = scratch;
  T* padded = scratch + plan.paddedHeight * plan.lineLength;
  for (int64_t i = 0; i < plan.partCount; ++i) {
    const auto& part = plan.parts[i];
    for (int64_t bin = 0; bin < plan.pooledHeight; ++bin) {
      weightedSum(
          plan.rowTaps + part.rowStarts[bin],
          plan.rowTaps + part.rowStarts[bin + 1],
          plane + part.region.left,
          plan.width,
          part.region.span,
          lines + bin * plan.lineLength);
    }
    for (int64_t column = 0; column < plan.pooledWidth; column += kLanes) {
      for (int64_t bin = 0; bin < plan.paddedHeight; bin += kLineGroup) {
        sumColumns(
            plan,
            lines + bin * plan.lineLength,
            part.region.span,
            plan.weights + part.firstWeight + column,
            padded + bin * plan.paddedWidth + column);
      }
    }
    T* bins = output + part.region.roi * stride;
    for (int64_t bin = 0; bin < plan.pooledHeight; ++bin) {
      for (int64_t column = 0; column < plan.pooledWidth; ++column) {
        bins[bin * plan.pooledWidth + column] = padded[bin * plan.paddedWidth + column];
      }
    }
  }
}

/// Adds the gradients of all regions of an image, `stride` apart, to one plane.
template <typename T>
VISION_INLINE void spreadPlane(const PlanarView<T>& plan, const T* grad, int64_t stride, T* plane, T* line) {
  for (int64_t i = 0; i < plan.partCount; ++i) {
    const auto& part = plan.parts[i];
    int64_t paddedSpan = roundUpToLanes(part.region.span);
    for (int64_t bin = 0; bin < plan.pooledHeight; ++bin) {
      const T* bins = grad + part.region.roi * stride + bin * plan.pooledWidth;
      for (int64_t x = 0; x < paddedSpan; x += kLanes) {
        const T* weights = plan.weights + part.firstWeight + x;
        Lanes<T> sum{};
        for (int64_t column = 0; column < plan.pooledWidth; ++column, weights += paddedSpan) {
          Lanes<T> weight;
          load<T>(weight, weights);
          sum += weight * bins[column];
        }
        store<T>(line + x, sum);
      }
      for (int64_t tap = part.rowStarts[bin]; tap < part.rowStarts[bin + 1]; ++tap) {
        T* row = plane + plan.rowTaps[tap].pixel * plan.width + part.region.left;
        addScaled(line, plan.rowTaps[tap].weight, part.region.span, row);
      }
    }
  }
}

/// Calls work(image, channel, scratch) for every plane, on all threads. Neighbouring tasks are different images, which evens
/// out images with many and few regions.
template <typename T, typename Work>
void forEachPlane(const PlanarPlan<T>& plan, int64_t images, int64_t channels, const Work& work) {
  at::parallel_for(0, images * channels, 1, [&](int64_t begin, int64_t end) {
    // Zeros: the lines that pad the last group are read, though their bins are not.
    std::vector<T> scratch(plan.scratchSize());
    for (int64_t task = begin; task < end; ++task) {
      work(task % images, task / images, scratch.data());
    }
  });
}

}  // namespace vision
