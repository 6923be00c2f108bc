// RoIAlign on the CPU. The bilinear samples of a bin form a grid, so pooling is Wy · F · Wxᵀ with two small banded matrices
// per region, made once and used for every channel: first the rows of a bin are summed into one line, eight columns at a
// time, then the lines into bins, all bins of a line at a time. Work is split over (image, channel) planes: a plane stays in cache
// for all its regions, and in the backward pass belongs to one thread, which makes the sum's order, and so the result, fixed.
#include <ATen/Parallel.h>
#include <torch/library.h>

#include <algorithm>
#include <vector>

#include "RoiAlign.h"
#include "RoiSampling.h"
#include "Simd.h"

namespace vision {
namespace {

constexpr int64_t kLineGroup = 4;  // lines that are pooled together, so that their sums do not wait for each other

template <typename T>
struct Tap {
  int64_t row;  // where the row starts in its plane
  T weight;
};

/// How one region reads a plane.
template <typename T>
struct Region {
  int64_t roi;          // its place in the list of regions
  int64_t firstBin;     // the taps of its row of bins b are [rowStarts[firstBin + b], rowStarts[firstBin + b + 1])
  int64_t firstWeight;  // its column weights start here
  int64_t column = 0;   // the columns that it touches lie in [column, column + span)
  int64_t span = 0;
};

/// What the inner loops read of a plan.
template <typename T>
struct View {
  int64_t pooledHeight;
  int64_t pooledWidth;
  int64_t paddedLines;
  int64_t paddedBins;
  int64_t lineLength;  // the longest span, rounded up to whole lanes
  const int64_t* imageStarts;
  const Region<T>* regions;
  const Tap<T>* rowTaps;
  const int64_t* rowStarts;
  const T* columnWeights;
};

template <typename T>
struct Plan {
  int64_t height;
  int64_t width;
  int64_t pooledHeight;
  int64_t pooledWidth;
  int64_t lineLength = 0;
  std::vector<Region<T>> regions{};    // by image
  std::vector<int64_t> imageStarts{};  // image n's regions are [imageStarts[n], imageStarts[n + 1])
  std::vector<Tap<T>> rowTaps{};
  std::vector<int64_t> rowStarts{};
  std::vector<T> columnWeights{};      // forward: [span, bins]; backward: [bins, span]; padded to whole lanes

  int64_t paddedLines() const {
    return (pooledHeight + kLineGroup - 1) / kLineGroup * kLineGroup;
  }

  int64_t paddedBins() const {
    return roundUpToLanes(pooledWidth);
  }

  View<T> view() const {
    return {pooledHeight, pooledWidth, paddedLines(), paddedBins(), lineLength, imageStarts.data(),
            regions.data(), rowTaps.data(), rowStarts.data(), columnWeights.data()};
  }
};

enum class Direction { Forward, Backward };

/// Neighbouring samples share pixels: adding them up here saves reading a row twice for every channel.
template <typename T>
void addTap(std::vector<Tap<T>>& taps, size_t first, int64_t row, T weight) {
  for (size_t i = taps.size(); i > first && i + 2 > taps.size(); --i) {
    if (taps[i - 1].row == row) {
      taps[i - 1].weight += weight;
      return;
    }
  }
  taps.push_back({row, weight});
}

/// The taps of one bin along one axis. Pixels are `step` apart.
template <typename T>
void addBin(std::vector<Tap<T>>& taps, const RoiAxis<T>& axis, int bin, int64_t size, int64_t step, T factor) {
  size_t first = taps.size();
  for (int sample = 0; sample < axis.grid; ++sample) {
    RoiTap<T> tap;
    if (roiTap(axis.position(bin, sample), size, tap)) {
      addTap(taps, first, tap.low * step, tap.lowWeight * factor);
      if (tap.highWeight != 0) {
        addTap(taps, first, tap.high * step, tap.highWeight * factor);
      }
    }
  }
}

template <typename T>
void addRegion(
    Plan<T>& plan, int64_t index, const T* roi, T scale, int samplingRatio, bool aligned, Direction direction) {
  RoiAxis<T> rows = roiAxis(roi[2], roi[4], scale, static_cast<int>(plan.pooledHeight), samplingRatio, aligned);
  RoiAxis<T> columns = roiAxis(roi[1], roi[3], scale, static_cast<int>(plan.pooledWidth), samplingRatio, aligned);
  T mean = static_cast<T>(1) / static_cast<T>(samplesPerBin(rows.grid, columns.grid));

  Region<T> region{index, static_cast<int64_t>(plan.rowStarts.size()), static_cast<int64_t>(plan.columnWeights.size())};
  for (int bin = 0; bin < plan.pooledHeight; ++bin) {
    plan.rowStarts.push_back(static_cast<int64_t>(plan.rowTaps.size()));
    addBin(plan.rowTaps, rows, bin, plan.height, plan.width, mean);
  }

  std::vector<Tap<T>> taps;
  std::vector<size_t> binEnds;
  for (int bin = 0; bin < plan.pooledWidth; ++bin) {
    addBin<T>(taps, columns, bin, plan.width, 1, 1);
    binEnds.push_back(taps.size());
  }
  if (!taps.empty()) {
    auto [low, high] = std::minmax_element(
        taps.begin(), taps.end(), [](const Tap<T>& a, const Tap<T>& b) { return a.row < b.row; });
    // Whole lanes where the plane is wide enough: the extra columns have weight zero.
    region.span = std::min(roundUpToLanes(high->row - low->row + 1), plan.width);
    region.column = std::min(low->row, plan.width - region.span);
  }

  int64_t paddedBins = plan.paddedBins();
  int64_t paddedSpan = roundUpToLanes(region.span);
  plan.lineLength = std::max(plan.lineLength, paddedSpan);
  int64_t weights = direction == Direction::Forward ? region.span * paddedBins : plan.pooledWidth * paddedSpan;
  plan.columnWeights.resize(plan.columnWeights.size() + weights);
  T* matrix = plan.columnWeights.data() + region.firstWeight;
  size_t tap = 0;
  for (int64_t bin = 0; bin < plan.pooledWidth; ++bin) {
    for (; tap < binEnds[bin]; ++tap) {
      int64_t x = taps[tap].row - region.column;
      matrix[direction == Direction::Forward ? x * paddedBins + bin : bin * paddedSpan + x] += taps[tap].weight;
    }
  }
  plan.regions.push_back(region);
}

template <typename T>
Plan<T> makePlan(
    const at::Tensor& rois,
    at::IntArrayRef inputSize,
    double spatialScale,
    int64_t pooledHeight,
    int64_t pooledWidth,
    int64_t samplingRatio,
    bool aligned,
    Direction direction) {
  Plan<T> plan{inputSize[2], inputSize[3], pooledHeight, pooledWidth};
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
  for (const std::vector<int64_t>& regions : byImage) {
    plan.imageStarts.push_back(static_cast<int64_t>(plan.regions.size()));
    for (int64_t i : regions) {
      addRegion(
          plan, i, data + i * 5, static_cast<T>(spatialScale), static_cast<int>(samplingRatio), aligned, direction);
    }
  }
  plan.imageStarts.push_back(static_cast<int64_t>(plan.regions.size()));
  plan.rowStarts.push_back(static_cast<int64_t>(plan.rowTaps.size()));
  return plan;
}

/// lines[x] = Σ taps · rows, for `Blocks` times eight columns held in registers.
template <int Blocks, typename T>
VISION_INLINE void sumRows(const Tap<T>* tap, const Tap<T>* last, const T* corner, T* line) {
  Lanes<T> sums[Blocks]{};
  for (; tap < last; ++tap) {
    for (int block = 0; block < Blocks; ++block) {
      Lanes<T> pixels;
      load<T>(pixels, corner + tap->row + block * kLanes);
      sums[block] += pixels * tap->weight;
    }
  }
  for (int block = 0; block < Blocks; ++block) {
    store<T>(line + block * kLanes, sums[block]);
  }
}

template <typename T>
VISION_INLINE void sumRows(const Tap<T>* first, const Tap<T>* last, const T* corner, int64_t span, T* line) {
  int64_t x = 0;
  for (; x + 4 * kLanes <= span; x += 4 * kLanes) {
    sumRows<4>(first, last, corner + x, line + x);
  }
  switch ((span - x) / kLanes) {
    case 3:
      sumRows<3>(first, last, corner + x, line + x);
      break;
    case 2:
      sumRows<2>(first, last, corner + x, line + x);
      break;
    case 1:
      sumRows<1>(first, last, corner + x, line + x);
      break;
  }
  for (x = span / kLanes * kLanes; x < span; ++x) {
    T sum = 0;
    for (const Tap<T>* tap = first; tap < last; ++tap) {
      sum += corner[tap->row + x] * tap->weight;
    }
    line[x] = sum;
  }
}

/// Four lines · column weights → four rows of eight bins.
template <typename T>
VISION_INLINE void sumColumns(
    const T* lines, int64_t lineLength, int64_t span, const T* weights, int64_t paddedBins, T* bins, int64_t binStride) {
  Lanes<T> sums[kLineGroup]{};
  for (int64_t x = 0; x < span; ++x, weights += paddedBins) {
    Lanes<T> weight;
    load<T>(weight, weights);
    for (int k = 0; k < kLineGroup; ++k) {
      sums[k] += weight * lines[k * lineLength + x];
    }
  }
  for (int k = 0; k < kLineGroup; ++k) {
    store<T>(bins + k * binStride, sums[k]);
  }
}

/// Pools one plane for all regions of its image into `output`, whose regions are `stride` apart.
template <typename T>
VISION_INLINE void poolPlane(const View<T>& plan, int64_t image, const T* plane, T* output, int64_t stride, T* scratch) {
  T* lines = scratch;
  T* padded = scratch + plan.paddedLines * plan.lineLength;
  for (int64_t i = plan.imageStarts[image]; i < plan.imageStarts[image + 1]; ++i) {
    const Region<T>& region = plan.regions[i];
    const int64_t* rowStarts = plan.rowStarts + region.firstBin;
    for (int64_t bin = 0; bin < plan.pooledHeight; ++bin) {
      sumRows(
          plan.rowTaps + rowStarts[bin],
          plan.rowTaps + rowStarts[bin + 1],
          plane + region.column,
          region.span,
          lines + bin * plan.lineLength);
    }
    for (int64_t column = 0; column < plan.pooledWidth; column += kLanes) {
      for (int64_t bin = 0; bin < plan.paddedLines; bin += kLineGroup) {
        sumColumns(
            lines + bin * plan.lineLength,
            plan.lineLength,
            region.span,
            plan.columnWeights + region.firstWeight + column,
            plan.paddedBins,
            padded + bin * plan.paddedBins + column,
            plan.paddedBins);
      }
    }
    T* bins = output + region.roi * stride;
    for (int64_t bin = 0; bin < plan.pooledHeight; ++bin) {
      for (int64_t column = 0; column < plan.pooledWidth; ++column) {
        bins[bin * plan.pooledWidth + column] = padded[bin * plan.paddedBins + column];
      }
    }
  }
}

/// Adds the gradients of all regions of an image to one plane.
template <typename T>
VISION_INLINE void spreadPlane(const View<T>& plan, int64_t image, const T* grad, int64_t stride, T* plane, T* line) {
  for (int64_t i = plan.imageStarts[image]; i < plan.imageStarts[image + 1]; ++i) {
    const Region<T>& region = plan.regions[i];
    const int64_t* rowStarts = plan.rowStarts + region.firstBin;
    int64_t paddedSpan = roundUpToLanes(region.span);
    for (int64_t bin = 0; bin < plan.pooledHeight; ++bin) {
      const T* bins = grad + region.roi * stride + bin * plan.pooledWidth;
      for (int64_t x = 0; x < paddedSpan; x += kLanes) {
        const T* weights = plan.columnWeights + region.firstWeight + x;
        Lanes<T> sum{};
        for (int64_t column = 0; column < plan.pooledWidth; ++column, weights += paddedSpan) {
          Lanes<T> weight;
          load<T>(weight, weights);
          sum += weight * bins[column];
        }
        store<T>(line + x, sum);
      }

      for (int64_t tap = rowStarts[bin]; tap < rowStarts[bin + 1]; ++tap) {
        T* row = plane + plan.rowTaps[tap].row + region.column;
        T weight = plan.rowTaps[tap].weight;
        int64_t x = 0;
        for (; x + kLanes <= region.span; x += kLanes) {
          Lanes<T> sum;
          Lanes<T> addend;
          load<T>(sum, row + x);
          load<T>(addend, line + x);
          sum += addend * weight;
          store<T>(row + x, sum);
        }
        for (; x < region.span; ++x) {
          row[x] += line[x] * weight;
        }
      }
    }
  }
}

VISION_CLONES void pool(const View<float>& plan, int64_t image, const float* plane, float* output, int64_t stride, float* scratch) {
  poolPlane(plan, image, plane, output, stride, scratch);
}

VISION_CLONES void pool(const View<double>& plan, int64_t image, const double* plane, double* output, int64_t stride, double* scratch) {
  poolPlane(plan, image, plane, output, stride, scratch);
}

VISION_CLONES void spread(const View<float>& plan, int64_t image, const float* grad, int64_t stride, float* plane, float* scratch) {
  spreadPlane(plan, image, grad, stride, plane, scratch);
}

VISION_CLONES void spread(const View<double>& plan, int64_t image, const double* grad, int64_t stride, double* plane, double* scratch) {
  spreadPlane(plan, image, grad, stride, plane, scratch);
}

/// Calls work(image, channel, scratch) for every plane, on all threads. Neighbouring tasks are different images, which evens
/// out images with many and few regions.
template <typename T, typename Work>
void forEachPlane(const Plan<T>& plan, int64_t images, int64_t channels, const Work& work) {
  at::parallel_for(0, images * channels, 1, [&](int64_t begin, int64_t end) {
    // Zeros: the lines that pad the last group are read, though their bins are not.
    std::vector<T> scratch(plan.paddedLines() * (plan.lineLength + plan.paddedBins()));
    for (int64_t task = begin; task < end; ++task) {
      work(task % images, task / images, scratch.data());
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
  at::Tensor features = input.to(type).contiguous();
  at::Tensor regions = rois.to(type).contiguous();
  int64_t images = input.size(0);
  int64_t channels = input.size(1);
  at::Tensor output = at::empty({rois.size(0), channels, pooledHeight, pooledWidth}, features.options());
  AT_DISPATCH_FLOATING_TYPES(type, "roi_align", [&] {
    auto plan = makePlan<scalar_t>(
        regions, input.sizes(), spatialScale, pooledHeight, pooledWidth, samplingRatio, aligned, Direction::Forward);
    View<scalar_t> view = plan.view();
    const scalar_t* planes = features.data_ptr<scalar_t>();
    scalar_t* bins = output.data_ptr<scalar_t>();
    int64_t area = plan.height * plan.width;
    int64_t binCount = pooledHeight * pooledWidth;
    forEachPlane(plan, images, channels, [&](int64_t image, int64_t channel, scalar_t* scratch) {
      const scalar_t* plane = planes + (image * channels + channel) * area;
      pool(view, image, plane, bins + channel * binCount, channels * binCount, scratch);
    });
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
    at::IntArrayRef inputSize) {
  checkRoiAlign(grad, rois, pooledHeight, pooledWidth);
  at::ScalarType type = coordinateType(grad.scalar_type());
  at::Tensor gradients = grad.to(type).contiguous();
  at::Tensor regions = rois.to(type).contiguous();
  int64_t images = inputSize[0];
  int64_t channels = inputSize[1];
  at::Tensor output = at::empty(inputSize, gradients.options());
  AT_DISPATCH_FLOATING_TYPES(type, "roi_align_backward", [&] {
    auto plan = makePlan<scalar_t>(
        regions, inputSize, spatialScale, pooledHeight, pooledWidth, samplingRatio, aligned, Direction::Backward);
    const scalar_t* bins = gradients.data_ptr<scalar_t>();
    View<scalar_t> view = plan.view();
    scalar_t* planes = output.data_ptr<scalar_t>();
    int64_t area = plan.height * plan.width;
    int64_t binCount = pooledHeight * pooledWidth;
    forEachPlane(plan, images, channels, [&](int64_t image, int64_t channel, scalar_t* scratch) {
      scalar_t* plane = planes + (image * channels + channel) * area;
      std::fill(plane, plane + area, scalar_t(0));
      spread(view, image, bins + channel * binCount, channels * binCount, plane, scratch);
    });
  });
  return output.to(grad.scalar_type());
}

TORCH_LIBRARY_IMPL(vision, CPU, m) {
  m.impl("roi_align", roiAlignCpu);
  m.impl("roi_align_backward", roiAlignBackwardCpu);
}

}  // namespace
}  // namespace vision
