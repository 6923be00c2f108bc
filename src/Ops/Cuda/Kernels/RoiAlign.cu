// RoIAlign: one thread for each bin and channel. The backward pass sums with atomics, so the order of its sums, and with it the last
// bits of the result, differs from run to run.
#include "RoiSampling.cuh"

struct Shape {
  Index images;
  Index channels;
  Index height;
  Index width;
  Index outHeight;
  Index outWidth;
  Index samplingRatio;
  Index aligned;
};

/// One bin of one region and channel, given its index in [R, C, outHeight, outWidth].
struct Bin {
  RoiAxis rows;
  RoiAxis columns;
  int row;
  int column;
  Index plane;  // start of its channel in [N, C, H, W]; below 0 if the region is in no image

  __device__ Bin(Index place, const Real* regions, Real scale, const Shape& shape) {
    column = static_cast<int>(place % shape.outWidth);
    place /= shape.outWidth;
    row = static_cast<int>(place % shape.outHeight);
    place /= shape.outHeight;
    Index channel = place % shape.channels;
    const Real* region = regions + place / shape.channels * 5;
    int ratio = static_cast<int>(shape.samplingRatio);
    rows = roiAxis(region[2], region[4], scale, static_cast<int>(shape.outHeight), ratio, shape.aligned != 0);
    columns = roiAxis(region[1], region[3], scale, static_cast<int>(shape.outWidth), ratio, shape.aligned != 0);
    bool known = region[0] >= 0 && region[0] < static_cast<Real>(shape.images);
    plane = known ? (static_cast<Index>(region[0]) * shape.channels + channel) * shape.height * shape.width : -1;
  }

  /// Calls visit(pixel, weight) for the four pixels of every sample.
  template <typename Visit>
  __device__ void forEachPixel(const Shape& shape, const Visit& visit) const {
    if (plane < 0) {
      return;
    }
    for (int i = 0; i < rows.grid; ++i) {
      RoiTap y;
      if (!roiTap(rows.position(row, i), shape.height, y)) {
        continue;
      }
      Index low = plane + y.low * shape.width;
      Index high = plane + y.high * shape.width;
      for (int j = 0; j < columns.grid; ++j) {
        RoiTap x;
        if (!roiTap(columns.position(column, j), shape.width, x)) {
          continue;
        }
        visit(low + x.low, y.lowWeight * x.lowWeight);
        visit(low + x.high, y.lowWeight * x.highWeight);
        visit(high + x.low, y.highWeight * x.lowWeight);
        visit(high + x.high, y.highWeight * x.highWeight);
      }
    }
  }
};

/// The value of every bin. `count` is R·C·outHeight·outWidth.
extern "C" __global__ void roi_align(Index count, const Real* features, const Real* regions, Real scale, Shape shape, Real* pooled) {
  FOR_EACH(place, count) {
    Bin bin(place, regions, scale, shape);
    Real sum = 0;
    bin.forEachPixel(shape, [&](Index pixel, Real weight) { sum += weight * features[pixel]; });
    pooled[place] = sum / samplesPerBin(bin.rows.grid, bin.columns.grid);
  }
}

/// Adds the gradient of every bin to those of its pixels, [N, C, H, W].
extern "C" __global__ void roi_align_backward(
    Index count, const Real* gradient, const Real* regions, Real scale, Shape shape, Real* featureGradient) {
  FOR_EACH(place, count) {
    Bin bin(place, regions, scale, shape);
    Real share = gradient[place] / samplesPerBin(bin.rows.grid, bin.columns.grid);
    bin.forEachPixel(shape, [&](Index pixel, Real weight) { atomicAdd(featureGradient + pixel, weight * share); });
  }
}
