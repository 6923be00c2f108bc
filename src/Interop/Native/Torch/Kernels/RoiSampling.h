// Where RoIAlign samples (He et al. 2017, arXiv:1703.06870), by torchvision's rules, for the CPU and the CUDA kernel alike.
// The sample grid of a region is the product of one row axis and one column axis, so everything here is about one axis.
#pragma once

#include <c10/macros/Macros.h>
#include <cmath>
#include <cstdint>

namespace vision {

/// The samples along one axis of one region: `grid` of them in each of its bins, evenly spaced.
template <typename T>
struct RoiAxis {
  T start;
  T binSize;
  int grid;

  C10_HOST_DEVICE T position(int bin, int sample) const {
    return start + bin * binSize + static_cast<T>(sample + 0.5f) * binSize / static_cast<T>(grid);
  }
};

/// `low` and `high` are the region's sides in image pixels. Without `aligned`, a region is at least one feature pixel wide.
template <typename T>
C10_HOST_DEVICE RoiAxis<T> roiAxis(T low, T high, T scale, int bins, int samplingRatio, bool aligned) {
  T offset = aligned ? static_cast<T>(0.5) : static_cast<T>(0);
  T start = low * scale - offset;
  T extent = high * scale - offset - start;
  if (!aligned && extent < static_cast<T>(1)) {
    extent = static_cast<T>(1);
  }
  T binSize = extent / static_cast<T>(bins);
  int grid = samplingRatio > 0 ? samplingRatio : static_cast<int>(std::ceil(binSize));
  return {start, binSize, grid};
}

/// Linear interpolation between the pixels `low` and `high` of an axis.
template <typename T>
struct RoiTap {
  int low;
  int high;
  T lowWeight;
  T highWeight;
};

/// False when the sample lies more than one pixel outside the axis, and counts as zero. Up to one pixel outside, it is
/// moved onto the border. Written so that a NaN lies outside.
template <typename T>
C10_HOST_DEVICE bool roiTap(T position, int64_t size, RoiTap<T>& tap) {
  if (!(position >= static_cast<T>(-1) && position <= static_cast<T>(size))) {
    return false;
  }
  if (position < static_cast<T>(0)) {
    position = static_cast<T>(0);
  }
  tap.low = static_cast<int>(position);
  if (tap.low >= size - 1) {
    tap.low = tap.high = static_cast<int>(size - 1);
    tap.highWeight = static_cast<T>(0);
  } else {
    tap.high = tap.low + 1;
    tap.highWeight = position - static_cast<T>(tap.low);
  }
  tap.lowWeight = static_cast<T>(1) - tap.highWeight;
  return true;
}

/// The mean of a bin divides by this; a region without samples has the value zero.
C10_HOST_DEVICE inline int64_t samplesPerBin(int gridHeight, int gridWidth) {
  return gridHeight > 0 && gridWidth > 0 ? static_cast<int64_t>(gridHeight) * gridWidth : 1;
}

}  // namespace vision
