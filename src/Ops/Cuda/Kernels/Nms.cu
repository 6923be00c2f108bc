// Non-maximum suppression with the same rules and rounding as on the CPU. A bit matrix of overlaps is computed in parallel; one block
// then makes the greedy choice, 64 boxes at a time, without involving the host.
#include "Elements.cuh"

typedef unsigned long long Bits;

#define WORD 64  // number of boxes whose overlaps are the bits of one word

__device__ inline Real area(const Real* box) {
  return (box[2] - box[0]) * (box[3] - box[1]);
}

/// Whether a box overlaps a kept one by more than the threshold. Written so that a NaN overlaps nothing.
__device__ inline bool overlaps(const Real* kept, const Real* box, Real threshold) {
  Real left = box[0] > kept[0] ? box[0] : kept[0];
  Real top = box[1] > kept[1] ? box[1] : kept[1];
  Real right = box[2] < kept[2] ? box[2] : kept[2];
  Real bottom = box[3] < kept[3] ? box[3] : kept[3];
  Real width = right - left > 0 ? right - left : static_cast<Real>(0);
  Real height = bottom - top > 0 ? bottom - top : static_cast<Real>(0);
  Real intersection = width * height;
  return intersection / (area(kept) + area(box) - intersection) > threshold;
}

/// Boxes [count, 4] in order of score, and their classes [count] or null. Bit j of matrix[i, w], [count, words]: box 64·w + j comes after
/// box i, has its class, and overlaps it. Words before i's own are not written. One block of 64 threads for each pair of words.
extern "C" __global__ void nms_overlaps(
    Index count, const Real* boxes, const long long* classes, Real threshold, Index words, Bits* matrix) {
  Index word = blockIdx.x;
  if (blockIdx.x < blockIdx.y) {
    return;
  }
  __shared__ Real others[WORD * 4];
  __shared__ long long otherClasses[WORD];
  int thread = static_cast<int>(threadIdx.x);
  int otherCount = count - word * WORD < WORD ? static_cast<int>(count - word * WORD) : WORD;
  if (thread < otherCount) {
    Index other = word * WORD + thread;
    for (int side = 0; side < 4; ++side) {
      others[thread * 4 + side] = boxes[other * 4 + side];
    }
    otherClasses[thread] = classes ? classes[other] : 0;
  }
  __syncthreads();

  Index box = static_cast<Index>(blockIdx.y) * WORD + thread;
  if (box >= count) {
    return;
  }
  long long boxClass = classes ? classes[box] : 0;
  Bits bits = 0;
  for (int i = 0; i < otherCount; ++i) {
    if (word * WORD + i > box && otherClasses[i] == boxClass && overlaps(boxes + box * 4, others + i * 4, threshold)) {
      bits |= static_cast<Bits>(1) << i;
    }
  }
  matrix[box * words + word] = bits;
}

/// The greedy choice, by one block of at least 64 threads. `removed`, [words], is initially zero.
extern "C" __global__ void nms_choice(Index count, Index words, const Bits* matrix, Bits* removed, bool* kept) {
  __shared__ Bits own[WORD];  // how the boxes of one word overlap each other
  __shared__ Bits stay;
  int thread = static_cast<int>(threadIdx.x);
  for (Index word = 0; word < words; ++word) {
    Index first = word * WORD;
    int boxes = count - first < WORD ? static_cast<int>(count - first) : WORD;
    if (thread < boxes) {
      own[thread] = matrix[(first + thread) * words + word];
    }
    __syncthreads();
    if (thread == 0) {
      Bits gone = removed[word];
      Bits chosen = 0;
      for (int i = 0; i < boxes; ++i) {
        if (!(gone >> i & 1)) {
          chosen |= static_cast<Bits>(1) << i;
          gone |= own[i];
        }
      }
      stay = chosen;
    }
    __syncthreads();
    for (Index later = word + 1 + thread; later < words; later += static_cast<Index>(blockDim.x)) {
      Bits gone = removed[later];
      for (int i = 0; i < boxes; ++i) {
        if (stay >> i & 1) {
          gone |= matrix[(first + i) * words + later];
        }
      }
      removed[later] = gone;
    }
    if (thread < boxes) {
      kept[first + thread] = stay >> thread & 1;
    }
    // The next round's first barrier also ends this round: `stay` and `removed` are not accessed before it.
  }
}
