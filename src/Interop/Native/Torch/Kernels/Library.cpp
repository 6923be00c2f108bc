// The operators that the project adds to libtorch, under the namespace "vision". Each kernel file registers its own device.
#include <torch/library.h>

TORCH_LIBRARY(vision, m) {
  m.def(
      "roi_align(Tensor input, Tensor rois, float spatial_scale, int pooled_height, int pooled_width, int sampling_ratio, "
      "bool aligned) -> Tensor");
  m.def(
      "roi_align_backward(Tensor grad, Tensor rois, float spatial_scale, int pooled_height, int pooled_width, "
      "int sampling_ratio, bool aligned, int[] input_size, bool channels_last) -> Tensor");
  m.def("nms(Tensor boxes, Tensor scores, float iou_threshold) -> Tensor");
  m.def("batched_nms(Tensor boxes, Tensor scores, Tensor classes, float iou_threshold) -> Tensor");
  m.def("permutohedral_build(Tensor features) -> Tensor[]");
  m.def("permutohedral_filter(Tensor values, Tensor[] lattice) -> Tensor");
}
