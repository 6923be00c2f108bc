// Non-maximum suppression on CUDA, by the same rules and rounding as on the CPU. Which boxes overlap is a matrix of bits, made in parallel; the
// greedy choice then goes through it 64 boxes at a time in one block, without a detour over the host.
#include <ATen/cuda/CUDAContext.h>
#include <ATen/Dispatch.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <torch/library.h>

#include "Nms.h"

namespace vision {
namespace {

constexpr int kWord = 64;  // boxes whose overlaps make one word of bits
constexpr int kChoiceThreads = 512;

// Products that the compiler must not merge with a sum into one rounding.
__device__ inline float product(float a, float b) {
  return __fmul_rn(a, b);
}

__device__ inline double product(double a, double b) {
  return __dmul_rn(a, b);
}

template <typename T>
__device__ inline T area(const T* box) {
  return product(box[2] - box[0], box[3] - box[1]);
}

template <typename T>
__device__ inline bool overlap(const T* a, const T* b, T threshold) {
  T width = min(a[2], b[2]) - max(a[0], b[0]);
  T height = min(a[3], b[3]) - max(a[1], b[1]);
  T intersection = product(max(width, static_cast<T>(0)), max(height, static_cast<T>(0)));
  return intersection / (area(a) + area(b) - intersection) > threshold;
}

/// Bit j of overlaps[i, w]: box 64·w + j comes after box i, is of its class, and overlaps it. Words before i's own are not written.
template <typename T>
__global__ void overlapKernel(
    int64_t count, const T* boxes, const int64_t* classes, T threshold, int64_t words, uint64_t* overlaps) {
  int64_t word = blockIdx.x;
  int64_t first = static_cast<int64_t>(blockIdx.y) * kWord;
  if (word < blockIdx.y) {
    return;
  }
  __shared__ T others[kWord * 4];
  __shared__ int64_t otherClasses[kWord];
  int otherCount = static_cast<int>(min(static_cast<int64_t>(kWord), count - word * kWord));
  if (threadIdx.x < otherCount) {
    int64_t other = word * kWord + threadIdx.x;
    for (int side = 0; side < 4; ++side) {
      others[threadIdx.x * 4 + side] = boxes[other * 4 + side];
    }
    otherClasses[threadIdx.x] = classes == nullptr ? 0 : classes[other];
  }
  __syncthreads();

  int64_t box = first + threadIdx.x;
  if (box >= count) {
    return;
  }
  int64_t boxClass = classes == nullptr ? 0 : classes[box];
  uint64_t bits = 0;
  for (int i = 0; i < otherCount; ++i) {
    if (word * kWord + i > box && otherClasses[i] == boxClass && overlap(boxes + box * 4, others + i * 4, threshold)) {
      bits |= uint64_t(1) << i;
    }
  }
  overlaps[box * words + word] = bits;
}

/// The greedy choice, by one block. `removed` is zero at first.
__global__ void choiceKernel(int64_t count, int64_t words, const uint64_t* overlaps, uint64_t* removed, bool* kept) {
  __shared__ uint64_t stay;
  for (int64_t word = 0; word < words; ++word) {
    int64_t first = word * kWord;
    int boxes = static_cast<int>(min(static_cast<int64_t>(kWord), count - first));
    if (threadIdx.x == 0) {
      uint64_t gone = removed[word];
      stay = 0;
      for (int i = 0; i < boxes; ++i) {
        if (!(gone >> i & 1)) {
          stay |= uint64_t(1) << i;
          gone |= overlaps[(first + i) * words + word];
        }
      }
    }
    __syncthreads();
    for (int64_t later = word + 1 + threadIdx.x; later < words; later += blockDim.x) {
      uint64_t gone = removed[later];
      for (int i = 0; i < boxes; ++i) {
        if (stay >> i & 1) {
          gone |= overlaps[(first + i) * words + later];
        }
      }
      removed[later] = gone;
    }
    if (threadIdx.x < boxes) {
      kept[first + threadIdx.x] = stay >> threadIdx.x & 1;
    }
    __syncthreads();
  }
}

at::Tensor keep(const at::Tensor& boxes, const at::Tensor& scores, const at::Tensor* classes, double threshold) {
  int64_t count = boxes.size(0);
  if (count == 0) {
    return at::empty({0}, boxes.options().dtype(at::kLong));
  }
  c10::cuda::CUDAGuard guard(boxes.device());
  at::Tensor order = std::get<1>(scores.sort(/*stable=*/true, /*dim=*/0, /*descending=*/true));
  at::Tensor corners = boxes.to(boxType(boxes.scalar_type())).index_select(0, order).contiguous();
  at::Tensor sortedClasses = classes == nullptr ? at::Tensor() : classes->index_select(0, order);
  const int64_t* classData = classes == nullptr ? nullptr : sortedClasses.data_ptr<int64_t>();

  int64_t words = (count + kWord - 1) / kWord;
  at::Tensor overlaps = at::empty({count, words}, order.options());
  at::Tensor removed = at::zeros({words}, order.options());
  at::Tensor kept = at::empty({count}, order.options().dtype(at::kBool));
  auto stream = at::cuda::getCurrentCUDAStream();
  uint64_t* overlapBits = reinterpret_cast<uint64_t*>(overlaps.data_ptr<int64_t>());
  AT_DISPATCH_FLOATING_TYPES(corners.scalar_type(), "nms", [&] {
    dim3 blocks(static_cast<unsigned int>(words), static_cast<unsigned int>(words));
    overlapKernel<scalar_t><<<blocks, kWord, 0, stream>>>(
        count, corners.data_ptr<scalar_t>(), classData, roundDown<scalar_t>(threshold), words, overlapBits);
    C10_CUDA_KERNEL_LAUNCH_CHECK();
  });
  choiceKernel<<<1, kChoiceThreads, 0, stream>>>(
      count, words, overlapBits, reinterpret_cast<uint64_t*>(removed.data_ptr<int64_t>()), kept.data_ptr<bool>());
  C10_CUDA_KERNEL_LAUNCH_CHECK();
  return order.masked_select(kept);
}

at::Tensor nmsCuda(const at::Tensor& boxes, const at::Tensor& scores, double threshold) {
  checkNms(boxes, scores);
  return keep(boxes, scores, nullptr, threshold);
}

at::Tensor batchedNmsCuda(const at::Tensor& boxes, const at::Tensor& scores, const at::Tensor& classes, double threshold) {
  checkNms(boxes, scores);
  checkClasses(boxes, classes);
  return keep(boxes, scores, &classes, threshold);
}

}  // namespace

TORCH_LIBRARY_IMPL(vision, CUDA, m) {
  m.impl("nms", nmsCuda);
  m.impl("batched_nms", batchedNmsCuda);
}

}  // namespace vision
