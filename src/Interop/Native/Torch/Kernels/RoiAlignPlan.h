// How regions read their features, worked out once for all channels. The bilinear samples of a bin form a grid, so pooling is
// Wy · F · Wxᵀ with two small banded matrices for each region, kept as lists of pixels and weights ("taps").
#pragma once

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "RoiSampling.h"

namespace vision {

template <typename T>
struct Tap {
  int64_t pixel;
  T weight;
};

template <typename T>
struct Taps {
  std::vector<Tap<T>> taps{};
  std::vector<int64_t> starts{};  // the taps of the k-th bin made are [starts[k], starts[k + 1])

  void addBin(const RoiAxis<T>& axis, int bin, int64_t size, T factor) {
    starts.push_back(static_cast<int64_t>(taps.size()));
    for (int sample = 0; sample < axis.grid; ++sample) {
      RoiTap<T> tap;
      if (roiTap(axis.position(bin, sample), size, tap)) {
        add(tap.low, tap.lowWeight * factor);
        if (tap.highWeight != 0) {
          add(tap.high, tap.highWeight * factor);
        }
      }
    }
  }

 private:
  /// Neighbouring samples share pixels: adding them up here saves reading a pixel twice for every channel.
  void add(int64_t pixel, T weight) {
    int64_t count = static_cast<int64_t>(taps.size());
    for (int64_t i = count - 1; i >= std::max(starts.back(), count - 2); --i) {
      if (taps[i].pixel == pixel) {
        taps[i].weight += weight;
        return;
      }
    }
    taps.push_back({pixel, weight});
  }
};

template <typename T>
struct Region {
  int64_t roi;       // its place in the list of regions
  int64_t image;
  int64_t firstRow;  // its first bin among the rows' taps
  int64_t firstColumn;
  int64_t left = 0;  // the columns that it touches lie in [left, left + span)
  int64_t span = 0;
};

template <typename T>
struct Plan {
  int64_t height;
  int64_t width;
  int64_t pooledHeight;
  int64_t pooledWidth;
  int64_t longestSpan = 0;
  std::vector<Region<T>> regions{};    // by image
  std::vector<int64_t> imageStarts{};  // image n's regions are [imageStarts[n], imageStarts[n + 1])
  Taps<T> rows{};                      // these have the division by the number of samples in them
  Taps<T> columns{};

  Plan(
      const at::Tensor& rois,
      at::IntArrayRef inputSize,
      double spatialScale,
      int64_t pooledHeight,
      int64_t pooledWidth,
      int64_t samplingRatio,
      bool aligned)
      : height(inputSize[2]), width(inputSize[3]), pooledHeight(pooledHeight), pooledWidth(pooledWidth) {
    const T* data = rois.template data_ptr<T>();
    int64_t images = inputSize[0];
    std::vector<std::vector<int64_t>> byImage(images);
    for (int64_t i = 0; i < rois.size(0); ++i) {
      const T* roi = data + i * 5;
      TORCH_CHECK(
          std::all_of(roi, roi + 5, [](T value) { return std::isfinite(value); }), "roi_align: region ", i, " is not finite");
      TORCH_CHECK(
          roi[0] >= 0 && roi[0] < images, "roi_align: region ", i, " is in image ", roi[0], ", but the batch has ", images, " images");
      byImage[static_cast<size_t>(roi[0])].push_back(i);
    }
    for (int64_t image = 0; image < images; ++image) {
      imageStarts.push_back(static_cast<int64_t>(regions.size()));
      for (int64_t roi : byImage[image]) {
        addRegion(roi, image, data + roi * 5, static_cast<T>(spatialScale), static_cast<int>(samplingRatio), aligned);
      }
    }
    imageStarts.push_back(static_cast<int64_t>(regions.size()));
    rows.starts.push_back(static_cast<int64_t>(rows.taps.size()));
    columns.starts.push_back(static_cast<int64_t>(columns.taps.size()));
  }

 private:
  void addRegion(int64_t index, int64_t image, const T* roi, T scale, int samplingRatio, bool aligned) {
    RoiAxis<T> x = roiAxis(roi[1], roi[3], scale, static_cast<int>(pooledWidth), samplingRatio, aligned);
    RoiAxis<T> y = roiAxis(roi[2], roi[4], scale, static_cast<int>(pooledHeight), samplingRatio, aligned);
    T mean = static_cast<T>(1) / static_cast<T>(samplesPerBin(y.grid, x.grid));
    Region<T> region{
        index, image, static_cast<int64_t>(rows.starts.size()), static_cast<int64_t>(columns.starts.size())};
    for (int bin = 0; bin < pooledHeight; ++bin) {
      rows.addBin(y, bin, height, mean);
    }
    size_t first = columns.taps.size();
    for (int bin = 0; bin < pooledWidth; ++bin) {
      columns.addBin(x, bin, width, 1);
    }
    if (columns.taps.size() > first) {
      auto [low, high] = std::minmax_element(
          columns.taps.begin() + static_cast<int64_t>(first),
          columns.taps.end(),
          [](const Tap<T>& a, const Tap<T>& b) { return a.pixel < b.pixel; });
      region.left = low->pixel;
      region.span = high->pixel - low->pixel + 1;
    }
    longestSpan = std::max(longestSpan, region.span);
    regions.push_back(region);
  }
};

}  // namespace vision
