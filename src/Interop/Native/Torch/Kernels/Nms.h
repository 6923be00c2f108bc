// The checks of vision::nms and vision::batched_nms, the same on every device.
#pragma once

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

namespace vision {

inline void checkNms(const at::Tensor& boxes, const at::Tensor& scores) {
  TORCH_CHECK(boxes.dim() == 2 && boxes.size(1) == 4, "nms needs boxes [N, 4], but they are ", boxes.sizes());
  TORCH_CHECK(at::isFloatingType(boxes.scalar_type()), "nms needs floating-point boxes, but they are ", boxes.scalar_type());
  TORCH_CHECK(
      scores.dim() == 1 && scores.size(0) == boxes.size(0),
      "nms needs one score for each of the ",
      boxes.size(0),
      " boxes, but the scores are ",
      scores.sizes());
  TORCH_CHECK(
      boxes.device() == scores.device(),
      "nms needs boxes and scores on one device, but they are on ",
      boxes.device(),
      " and ",
      scores.device());
}

inline void checkClasses(const at::Tensor& boxes, const at::Tensor& classes) {
  TORCH_CHECK(
      classes.dim() == 1 && classes.size(0) == boxes.size(0) && classes.scalar_type() == at::kLong,
      "batched_nms needs one int64 class for each of the ",
      boxes.size(0),
      " boxes, but the classes are ",
      classes.scalar_type(),
      " ",
      classes.sizes());
  TORCH_CHECK(
      boxes.device() == classes.device(),
      "batched_nms needs boxes and classes on one device, but they are on ",
      boxes.device(),
      " and ",
      classes.device());
}

/// The largest T that is not above the threshold: for every T, being above the one is being above the other.
template <typename T>
T roundDown(double threshold) {
  T rounded = static_cast<T>(threshold);
  return rounded > threshold ? std::nextafter(rounded, -std::numeric_limits<T>::infinity()) : rounded;
}

/// Half precision cannot hold the products of an area.
inline at::ScalarType boxType(at::ScalarType boxes) {
  return boxes == at::kDouble ? at::kDouble : at::kFloat;
}

}  // namespace vision
