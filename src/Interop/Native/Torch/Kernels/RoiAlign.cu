// RoIAlign on CUDA: one thread for each bin and channel. The backward pass adds into float (or double) features with atomics, so
// the order of its sums, and with it the last bits of the result, differs from run to run.
#include <ATen/Context.h>
#include <ATen/cuda/CUDAContext.h>
#include <ATen/Dispatch.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <torch/library.h>

#include <algorithm>

#include "RoiAlign.h"
#include "RoiSampling.h"

namespace vision {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMaxBlocks = 65535;

/// The sizes that both directions need.
struct Shape {
  int64_t images;
  int64_t channels;
  int64_t height;
  int64_t width;
  int64_t pooledHeight;
  int64_t pooledWidth;
  int samplingRatio;
  bool aligned;
};

/// One bin of one region and channel, found from its place in [R, C, pooledHeight, pooledWidth].
template <typename T>
struct Bin {
  RoiAxis<T> rows;
  RoiAxis<T> columns;
  int row;
  int column;
  int64_t plane;  // where its channel starts in [N, C, H, W]; below 0 if the region is in no image

  __device__ Bin(int64_t index, const T* rois, T scale, const Shape& shape) {
    column = static_cast<int>(index % shape.pooledWidth);
    row = static_cast<int>(index / shape.pooledWidth % shape.pooledHeight);
    int64_t channel = index / shape.pooledWidth / shape.pooledHeight % shape.channels;
    const T* roi = rois + index / shape.pooledWidth / shape.pooledHeight / shape.channels * 5;
    rows = roiAxis(roi[2], roi[4], scale, static_cast<int>(shape.pooledHeight), shape.samplingRatio, shape.aligned);
    columns = roiAxis(roi[1], roi[3], scale, static_cast<int>(shape.pooledWidth), shape.samplingRatio, shape.aligned);
    bool known = roi[0] >= 0 && roi[0] < shape.images;
    plane = known ? (static_cast<int64_t>(roi[0]) * shape.channels + channel) * shape.height * shape.width : -1;
  }

  /// Calls visit(pixel, weight) for the four pixels of every sample.
  template <typename Visit>
  __device__ void forEachPixel(const Shape& shape, const Visit& visit) const {
    for (int i = 0; i < rows.grid; ++i) {
      RoiTap<T> y;
      if (!roiTap(rows.position(row, i), shape.height, y)) {
        continue;
      }
      for (int j = 0; j < columns.grid; ++j) {
        RoiTap<T> x;
        if (!roiTap(columns.position(column, j), shape.width, x)) {
          continue;
        }
        visit(plane + y.low * shape.width + x.low, y.lowWeight * x.lowWeight);
        visit(plane + y.low * shape.width + x.high, y.lowWeight * x.highWeight);
        visit(plane + y.high * shape.width + x.low, y.highWeight * x.lowWeight);
        visit(plane + y.high * shape.width + x.high, y.highWeight * x.highWeight);
      }
    }
  }
};

template <typename Feature, typename T>
__global__ void poolKernel(int64_t count, const Feature* features, const T* rois, T scale, Shape shape, Feature* output) {
  for (int64_t index = blockIdx.x * static_cast<int64_t>(blockDim.x) + threadIdx.x; index < count;
       index += static_cast<int64_t>(blockDim.x) * gridDim.x) {
    Bin<T> bin(index, rois, scale, shape);
    T sum = 0;
    if (bin.plane >= 0) {
      bin.forEachPixel(shape, [&](int64_t pixel, T weight) { sum += weight * static_cast<T>(features[pixel]); });
    }
    output[index] = static_cast<Feature>(sum / static_cast<T>(samplesPerBin(bin.rows.grid, bin.columns.grid)));
  }
}

template <typename Feature, typename T>
__global__ void spreadKernel(int64_t count, const Feature* grad, const T* rois, T scale, Shape shape, T* output) {
  for (int64_t index = blockIdx.x * static_cast<int64_t>(blockDim.x) + threadIdx.x; index < count;
       index += static_cast<int64_t>(blockDim.x) * gridDim.x) {
    Bin<T> bin(index, rois, scale, shape);
    T share = static_cast<T>(grad[index]) / static_cast<T>(samplesPerBin(bin.rows.grid, bin.columns.grid));
    if (bin.plane >= 0) {
      bin.forEachPixel(shape, [&](int64_t pixel, T weight) { atomicAdd(output + pixel, weight * share); });
    }
  }
}

unsigned int blocksFor(int64_t count) {
  return static_cast<unsigned int>(std::min((count + kThreads - 1) / kThreads, kMaxBlocks));
}

at::Tensor roiAlignCuda(
    const at::Tensor& input,
    const at::Tensor& rois,
    double spatialScale,
    int64_t pooledHeight,
    int64_t pooledWidth,
    int64_t samplingRatio,
    bool aligned) {
  checkRoiAlign(input, rois, pooledHeight, pooledWidth);
  c10::cuda::CUDAGuard guard(input.device());
  at::Tensor features = input.contiguous();
  at::Tensor regions = rois.to(coordinateType(input.scalar_type())).contiguous();
  at::Tensor output = at::empty({rois.size(0), input.size(1), pooledHeight, pooledWidth}, features.options());
  if (output.numel() == 0) {
    return output;
  }
  Shape shape{
      input.size(0), input.size(1), input.size(2), input.size(3), pooledHeight, pooledWidth, static_cast<int>(samplingRatio), aligned};
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kHalf, at::kBFloat16, input.scalar_type(), "roi_align", [&] {
    using T = std::conditional_t<std::is_same<scalar_t, double>::value, double, float>;
    poolKernel<scalar_t, T><<<blocksFor(output.numel()), kThreads, 0, at::cuda::getCurrentCUDAStream()>>>(
        output.numel(),
        features.data_ptr<scalar_t>(),
        regions.data_ptr<T>(),
        static_cast<T>(spatialScale),
        shape,
        output.data_ptr<scalar_t>());
    C10_CUDA_KERNEL_LAUNCH_CHECK();
  });
  return output;
}

at::Tensor roiAlignBackwardCuda(
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
  at::globalContext().alertNotDeterministic("vision::roi_align_backward on CUDA");
  c10::cuda::CUDAGuard guard(grad.device());
  at::ScalarType type = coordinateType(grad.scalar_type());
  at::Tensor gradients = grad.contiguous();
  at::Tensor regions = rois.to(type).contiguous();
  at::Tensor output = at::zeros(inputSize, grad.options().dtype(type));
  Shape shape{
      inputSize[0], inputSize[1], inputSize[2], inputSize[3], pooledHeight, pooledWidth, static_cast<int>(samplingRatio), aligned};
  if (gradients.numel() > 0) {
    AT_DISPATCH_FLOATING_TYPES_AND2(at::kHalf, at::kBFloat16, grad.scalar_type(), "roi_align_backward", [&] {
      using T = std::conditional_t<std::is_same<scalar_t, double>::value, double, float>;
      spreadKernel<scalar_t, T><<<blocksFor(gradients.numel()), kThreads, 0, at::cuda::getCurrentCUDAStream()>>>(
          gradients.numel(),
          gradients.data_ptr<scalar_t>(),
          regions.data_ptr<T>(),
          static_cast<T>(spatialScale),
          shape,
          output.data_ptr<T>());
      C10_CUDA_KERNEL_LAUNCH_CHECK();
    });
  }
  at::Tensor result = output.to(grad.scalar_type());
  return channelsLast ? result.contiguous(at::MemoryFormat::ChannelsLast) : result;
}

}  // namespace

TORCH_LIBRARY_IMPL(vision, CUDA, m) {
  m.impl("roi_align", roiAlignCuda);
  m.impl("roi_align_backward", roiAlignBackwardCuda);
}

}  // namespace vision
