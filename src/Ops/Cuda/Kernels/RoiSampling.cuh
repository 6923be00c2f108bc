// The sample positions of RoIAlign (He et al. 2017, arXiv:1703.06870), by torchvision's rules. The sample grid of a region is the product
// of a row axis and a column axis, so everything here handles one axis.
#ifndef VISION_ROI_SAMPLING_CUH
#define VISION_ROI_SAMPLING_CUH

#include "Elements.cuh"

/// The samples along one axis of one region: `grid` samples in each bin, evenly spaced.
struct RoiAxis {
  Real start;
  Real binSize;
  int grid;

  __device__ Real position(int bin, int sample) const {
    return start + bin * binSize + static_cast<Real>(sample + 0.5f) * binSize / static_cast<Real>(grid);
  }
};

/// `low` and `high` are the region's sides in image pixels. Without `aligned`, a region is at least one feature pixel wide.
/// A region that is not finite has no samples.
__device__ inline RoiAxis roiAxis(Real low, Real high, Real scale, int bins, int samplingRatio, bool aligned) {
  Real offset = aligned ? static_cast<Real>(0.5) : static_cast<Real>(0);
  Real start = low * scale - offset;
  Real extent = high * scale - offset - start;
  bool finite = extent - extent == static_cast<Real>(0);
  if (!aligned && extent < static_cast<Real>(1)) {
    extent = static_cast<Real>(1);
  }
  Real binSize = extent / static_cast<Real>(bins);
  int grid = samplingRatio > 0 ? samplingRatio : static_cast<int>(roundUp(finite ? binSize : static_cast<Real>(0)));
  return {start, binSize, finite ? grid : 0};
}

/// Linear interpolation between the pixels `low` and `high` of an axis.
struct RoiTap {
  Index low;
  Index high;
  Real lowWeight;
  Real highWeight;
};

/// False if the sample is more than one pixel outside the axis, and counts as zero. Up to one pixel outside, it is
/// moved to the border.
__device__ inline bool roiTap(Real position, Index size, RoiTap& tap) {
  if (!(position >= static_cast<Real>(-1) && position <= static_cast<Real>(size))) {
    return false;
  }
  if (position < static_cast<Real>(0)) {
    position = static_cast<Real>(0);
  }
  tap.low = static_cast<Index>(position);
  if (tap.low >= size - 1) {
    tap.low = tap.high = size - 1;
    tap.highWeight = static_cast<Real>(0);
  } else {
    tap.high = tap.low + 1;
    tap.highWeight = position - static_cast<Real>(tap.low);
  }
  tap.lowWeight = static_cast<Real>(1) - tap.highWeight;
  return true;
}

/// The divisor of a bin's mean; a region without samples has the value zero.
__device__ inline Real samplesPerBin(int gridHeight, int gridWidth) {
  return gridHeight > 0 && gridWidth > 0 ? static_cast<Real>(static_cast<long long>(gridHeight) * gridWidth) : static_cast<Real>(1);
}

#endif
