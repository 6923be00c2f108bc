// Greedy non-maximum suppression on the CPU. Boxes are sorted by descending score, equal scores in their given order, and
// a box goes when its intersection over union with a kept one is above the threshold: torchvision's rules and arithmetic.
// Each kept box is compared with those after it, several at a time; there is no matrix of all pairs. Boxes of different
// classes never meet, so classes are independent runs, on all threads.
// Build without contraction to fused multiply-adds (-ffp-contract=off), which would round overlaps differently.
#include <ATen/Parallel.h>
#include <torch/library.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "Nms.h"
#include "Simd.h"

namespace vision {
namespace {

constexpr int64_t kSides = 5;  // left, top, right, bottom, area

/// Removes from a run of boxes, best first, those that overlap a better one that stays.
template <typename T>
VISION_INLINE void suppressRun(const T* const* sides, int32_t* suppressed, int64_t begin, int64_t end, T threshold) {
  const T* left = sides[0];
  const T* top = sides[1];
  const T* right = sides[2];
  const T* bottom = sides[3];
  const T* area = sides[4];
  for (int64_t kept = begin; kept < end; ++kept) {
    if (suppressed[kept]) {
      continue;
    }
    T keptLeft = left[kept];
    T keptTop = top[kept];
    T keptRight = right[kept];
    T keptBottom = bottom[kept];
    T keptArea = area[kept];
    for (int64_t i = kept + 1; i < end; ++i) {
      T x1 = left[i] > keptLeft ? left[i] : keptLeft;
      T y1 = top[i] > keptTop ? top[i] : keptTop;
      T x2 = right[i] < keptRight ? right[i] : keptRight;
      T y2 = bottom[i] < keptBottom ? bottom[i] : keptBottom;
      T width = x2 - x1 > 0 ? x2 - x1 : 0;
      T height = y2 - y1 > 0 ? y2 - y1 : 0;
      T intersection = width * height;
      suppressed[i] |= intersection / (keptArea + area[i] - intersection) > threshold;
    }
  }
}

VISION_CLONES void suppress(const float* const* sides, int32_t* suppressed, int64_t begin, int64_t end, float threshold) {
  suppressRun(sides, suppressed, begin, end, threshold);
}

VISION_CLONES void suppress(const double* const* sides, int32_t* suppressed, int64_t begin, int64_t end, double threshold) {
  suppressRun(sides, suppressed, begin, end, threshold);
}

/// Positions of `classes` (in order of score) sorted by class, and where each class starts.
std::vector<int64_t> splitByClass(const std::vector<int64_t>& classes, std::vector<int64_t>& starts) {
  std::vector<int64_t> positions(classes.size());
  std::iota(positions.begin(), positions.end(), 0);
  std::stable_sort(positions.begin(), positions.end(), [&](int64_t a, int64_t b) { return classes[a] < classes[b]; });
  for (size_t i = 0; i < positions.size(); ++i) {
    if (i == 0 || classes[positions[i]] != classes[positions[i - 1]]) {
      starts.push_back(static_cast<int64_t>(i));
    }
  }
  starts.push_back(static_cast<int64_t>(positions.size()));
  return positions;
}

template <typename T>
at::Tensor keep(const at::Tensor& boxes, const at::Tensor& order, const std::vector<int64_t>& classes, double threshold) {
  int64_t count = boxes.size(0);
  const T* corners = boxes.data_ptr<T>();
  const int64_t* byScore = order.data_ptr<int64_t>();
  std::vector<int64_t> starts;
  std::vector<int64_t> positions = splitByClass(classes, starts);

  std::vector<T> sides(kSides * count);
  const T* side[kSides];
  for (int64_t s = 0; s < kSides; ++s) {
    side[s] = sides.data() + s * count;
  }
  for (int64_t i = 0; i < count; ++i) {
    const T* box = corners + 4 * byScore[positions[i]];
    for (int64_t s = 0; s < 4; ++s) {
      sides[s * count + i] = box[s];
    }
    sides[4 * count + i] = (box[2] - box[0]) * (box[3] - box[1]);
  }

  std::vector<int32_t> suppressed(count);
  at::parallel_for(0, static_cast<int64_t>(starts.size()) - 1, 1, [&](int64_t begin, int64_t end) {
    for (int64_t run = begin; run < end; ++run) {
      suppress(side, suppressed.data(), starts[run], starts[run + 1], roundDown<T>(threshold));
    }
  });

  std::vector<uint8_t> kept(count);
  for (int64_t i = 0; i < count; ++i) {
    kept[positions[i]] = !suppressed[i];
  }
  at::Tensor result = at::empty({std::accumulate(kept.begin(), kept.end(), int64_t(0))}, order.options());
  int64_t* next = result.data_ptr<int64_t>();
  for (int64_t i = 0; i < count; ++i) {
    if (kept[i]) {
      *next++ = byScore[i];
    }
  }
  return result;
}

at::Tensor sortedKeep(const at::Tensor& boxes, const at::Tensor& scores, const int64_t* classes, double threshold) {
  at::Tensor order = std::get<1>(scores.sort(/*stable=*/true, /*dim=*/0, /*descending=*/true));
  const int64_t* byScore = order.data_ptr<int64_t>();
  std::vector<int64_t> sortedClasses(boxes.size(0));
  if (classes != nullptr) {
    std::transform(
        byScore, byScore + sortedClasses.size(), sortedClasses.begin(), [&](int64_t box) { return classes[box]; });
  }
  at::Tensor corners = boxes.to(boxType(boxes.scalar_type())).contiguous();
  return AT_DISPATCH_FLOATING_TYPES(
      corners.scalar_type(), "nms", [&] { return keep<scalar_t>(corners, order, sortedClasses, threshold); });
}

at::Tensor nmsCpu(const at::Tensor& boxes, const at::Tensor& scores, double threshold) {
  checkNms(boxes, scores);
  return sortedKeep(boxes, scores, nullptr, threshold);
}

at::Tensor batchedNmsCpu(const at::Tensor& boxes, const at::Tensor& scores, const at::Tensor& classes, double threshold) {
  checkNms(boxes, scores);
  checkClasses(boxes, classes);
  at::Tensor contiguous = classes.contiguous();
  return sortedKeep(boxes, scores, contiguous.data_ptr<int64_t>(), threshold);
}

TORCH_LIBRARY_IMPL(vision, CPU, m) {
  m.impl("nms", nmsCpu);
  m.impl("batched_nms", batchedNmsCpu);
}

}  // namespace
}  // namespace vision
