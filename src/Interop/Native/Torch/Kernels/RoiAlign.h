// The signatures of vision::roi_align and its backward, and the checks that every device makes first.
#pragma once

#include <ATen/ATen.h>

namespace vision {

// input [N, C, H, W] and rois [R, 5] (batch index, x1, y1, x2, y2) → [R, C, pooledHeight, pooledWidth]
using RoiAlign = at::Tensor(
    const at::Tensor& input,
    const at::Tensor& rois,
    double spatialScale,
    int64_t pooledHeight,
    int64_t pooledWidth,
    int64_t samplingRatio,
    bool aligned);

// grad [R, C, pooledHeight, pooledWidth] → [N, C, H, W], with channels last in memory where the features had them so
using RoiAlignBackward = at::Tensor(
    const at::Tensor& grad,
    const at::Tensor& rois,
    double spatialScale,
    int64_t pooledHeight,
    int64_t pooledWidth,
    int64_t samplingRatio,
    bool aligned,
    at::IntArrayRef inputSize,
    bool channelsLast);

inline void checkRoiAlign(const at::Tensor& maps, const at::Tensor& rois, int64_t pooledHeight, int64_t pooledWidth) {
  TORCH_CHECK(maps.dim() == 4, "roi_align needs features [N, C, H, W], but they have ", maps.dim(), " dimensions");
  TORCH_CHECK(
      rois.dim() == 2 && rois.size(1) == 5,
      "roi_align needs rois [R, 5] (batch index, x1, y1, x2, y2), but they are ",
      rois.sizes());
  TORCH_CHECK(
      maps.device() == rois.device(),
      "roi_align needs features and rois on one device, but they are on ",
      maps.device(),
      " and ",
      rois.device());
  TORCH_CHECK(
      pooledHeight > 0 && pooledWidth > 0,
      "roi_align needs a positive output size, but it is ",
      pooledHeight,
      "x",
      pooledWidth);
}

/// Half precision has too few digits for pixel coordinates, so regions are in float at least.
inline at::ScalarType coordinateType(at::ScalarType features) {
  return features == at::kDouble ? at::kDouble : at::kFloat;
}

inline bool isChannelsLast(const at::Tensor& features) {
  return !features.is_contiguous() && features.is_contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace vision
