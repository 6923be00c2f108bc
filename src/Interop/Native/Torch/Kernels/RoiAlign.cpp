// RoIAlign on the CPU: features keep the memory layout that they come in, planes or channels last; pooled regions are planes.
#include <torch/library.h>

#include "RoiAlign.h"
#include "RoiAlignChannelsLast.h"
#include "RoiAlignPlanar.h"

namespace vision {
namespace {

#define VISION_ROI_ALIGN_LOOPS(T)                                                                                       \
  VISION_CLONES void pool(const PlanarView<T>& plan, const T* plane, T* output, int64_t stride, T* scratch) {           \
    poolPlane(plan, plane, output, stride, scratch);                                                                    \
  }                                                                                                                     \
  VISION_CLONES void spread(const PlanarView<T>& plan, const T* grad, int64_t stride, T* plane, T* scratch) {           \
    spreadPlane(plan, grad, stride, plane, scratch);                                                                    \
  }                                                                                                                     \
  VISION_CLONES void pool(const RegionView<T>& region, const T* image, int64_t channels, T* output, T* scratch) {       \
    poolChunk(region, image, channels, output, scratch);                                                                \
  }                                                                                                                     \
  VISION_CLONES void spread(const RegionView<T>& region, const T* grad, int64_t channels, T* image, T* scratch) {       \
    spreadChunk(region, grad, channels, image, scratch);                                                                \
  }

VISION_ROI_ALIGN_LOOPS(float)
VISION_ROI_ALIGN_LOOPS(double)

template <typename T>
void poolPlanes(const Plan<T>& plan, const at::Tensor& features, at::Tensor& output) {
  PlanarPlan<T> planar(plan, Direction::Forward);
  int64_t images = features.size(0);
  int64_t channels = features.size(1);
  int64_t area = plan.height * plan.width;
  int64_t binCount = plan.pooledHeight * plan.pooledWidth;
  const T* planes = features.data_ptr<T>();
  T* bins = output.data_ptr<T>();
  forEachPlane(planar, images, channels, [&](int64_t image, int64_t channel, T* scratch) {
    const T* plane = planes + (image * channels + channel) * area;
    pool(PlanarView<T>(planar, image), plane, bins + channel * binCount, channels * binCount, scratch);
  });
}

template <typename T>
void poolPixels(const Plan<T>& plan, const at::Tensor& features, at::Tensor& output) {
  int64_t channels = features.size(1);
  int64_t imageSize = plan.height * plan.width * channels;
  int64_t binCount = plan.pooledHeight * plan.pooledWidth;
  const T* pixels = features.data_ptr<T>();
  T* bins = output.data_ptr<T>();
  forEachRegion(plan, channels, [&](const Region<T>& region, int64_t channel, int64_t count, T* scratch) {
    const T* image = pixels + region.image * imageSize + channel;
    pool(RegionView<T>(plan, region, channels), image, count, bins + (region.roi * channels + channel) * binCount, scratch);
  });
}

template <typename T>
void spreadPlanes(const Plan<T>& plan, const at::Tensor& grad, at::Tensor& output) {
  PlanarPlan<T> planar(plan, Direction::Backward);
  int64_t images = output.size(0);
  int64_t channels = output.size(1);
  int64_t area = plan.height * plan.width;
  int64_t binCount = plan.pooledHeight * plan.pooledWidth;
  const T* bins = grad.data_ptr<T>();
  T* planes = output.data_ptr<T>();
  forEachPlane(planar, images, channels, [&](int64_t image, int64_t channel, T* scratch) {
    T* plane = planes + (image * channels + channel) * area;
    std::fill(plane, plane + area, T(0));
    spread(PlanarView<T>(planar, image), bins + channel * binCount, channels * binCount, plane, scratch);
  });
}

template <typename T>
void spreadPixels(const Plan<T>& plan, const at::Tensor& grad, at::Tensor& output) {
  int64_t channels = output.size(1);
  int64_t area = plan.height * plan.width;
  int64_t binCount = plan.pooledHeight * plan.pooledWidth;
  const T* bins = grad.data_ptr<T>();
  T* pixels = output.data_ptr<T>();
  forEachChunk(plan, output.size(0), channels, [&](int64_t image, int64_t channel, int64_t count, T* scratch) {
    T* chunk = pixels + image * area * channels + channel;
    for (int64_t pixel = 0; pixel < area; ++pixel) {
      std::fill(chunk + pixel * channels, chunk + pixel * channels + count, T(0));
    }
    for (int64_t i = plan.imageStarts[image]; i < plan.imageStarts[image + 1]; ++i) {
      const Region<T>& region = plan.regions[i];
      spread(RegionView<T>(plan, region, channels), bins + (region.roi * channels + channel) * binCount, count, chunk, scratch);
    }
  });
}

at::Tensor roiAlignCpu(
    const at::Tensor& input,
    const at::Tensor& rois,
    double spatialScale,
    int64_t pooledHeight,
    int64_t pooledWidth,
    int64_t samplingRatio,
    bool aligned) {
  checkRoiAlign(input, rois, pooledHeight, pooledWidth);
  at::ScalarType type = coordinateType(input.scalar_type());
  bool channelsLast = isChannelsLast(input);
  at::Tensor features = input.to(type).contiguous(channelsLast ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous);
  at::Tensor regions = rois.to(type).contiguous();
  at::Tensor output = at::empty({rois.size(0), input.size(1), pooledHeight, pooledWidth}, features.options());
  AT_DISPATCH_FLOATING_TYPES(type, "roi_align", [&] {
    Plan<scalar_t> plan(regions, input.sizes(), spatialScale, pooledHeight, pooledWidth, samplingRatio, aligned);
    channelsLast ? poolPixels(plan, features, output) : poolPlanes(plan, features, output);
  });
  return output.to(input.scalar_type());
}

at::Tensor roiAlignBackwardCpu(
    const at::Tensor& grad,
    const at::Tensor& rois,
    double spatialScale,
    int64_t pooledHeight,
    int64_t pooledWidth,
    int64_t samplingRatio,
    bool aligned,
    at::IntArrayRef inputSize,
    bool channelsLast) {
  checkRoiAlign(grad, rois, pooledHeight, pooledWidth);
  at::ScalarType type = coordinateType(grad.scalar_type());
  at::Tensor gradients = grad.to(type).contiguous();
  at::Tensor regions = rois.to(type).contiguous();
  at::Tensor output = at::empty(
      inputSize, gradients.options(), channelsLast ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous);
  AT_DISPATCH_FLOATING_TYPES(type, "roi_align_backward", [&] {
    Plan<scalar_t> plan(regions, inputSize, spatialScale, pooledHeight, pooledWidth, samplingRatio, aligned);
    channelsLast ? spreadPixels(plan, gradients, output) : spreadPlanes(plan, gradients, output);
  });
  return output.to(grad.scalar_type());
}

TORCH_LIBRARY_IMPL(vision, CPU, m) {
  m.impl("roi_align", roiAlignCpu);
  m.impl("roi_align_backward", roiAlignBackwardCpu);
}

}  // namespace
}  // namespace vision
