// Gaussian filtering on a permutohedral lattice (Adams, Baek & Davis 2010): values are splatted onto the vertices around
// each point, blurred along each of the lattice's d + 1 axes, and read back at the points. Every row of every step is
// summed by one thread in a fixed order, so results do not depend on the number of threads.
#include <ATen/Parallel.h>
#include <torch/library.h>

#include <algorithm>

#include "PermutohedralLattice.h"
#include "Simd.h"

namespace vision {
namespace {

constexpr int64_t kRowsPerTask = 512;

/// A sparse matrix by its rows: entries [starts[r], starts[r + 1]), or `length` in each row where there are no starts.
struct SparseRows {
  const int32_t* starts;
  int64_t length;
  const int32_t* columns;
  const float* weights;

  int64_t start(int64_t row) const {
    return starts != nullptr ? starts[row] : row * length;
  }
};

/// Where a block of eight channels begins in rows of at least eight. The last may overlap the one before, so that no row is
/// read or written beyond its end.
inline int64_t blockOffset(int64_t block, int64_t channels) {
  return std::min(block * kLanes, channels - kLanes);
}

/// target = matrix · source, for rows [begin, end) of the matrix. One side's rows are those of the values, the other's are
/// padded to whole blocks.
VISION_CLONES void multiply(
    const SparseRows& matrix,
    const float* source,
    int64_t sourceChannels,
    float* target,
    int64_t targetChannels,
    int64_t begin,
    int64_t end) {
  int64_t blocks = (sourceChannels + kLanes - 1) / kLanes;
  for (int64_t row = begin; row < end; ++row) {
    int64_t first = matrix.start(row);
    int64_t last = matrix.start(row + 1);
    for (int64_t block = 0; block < blocks; ++block) {
      const float* from = source + blockOffset(block, sourceChannels);
      Lanes<float> sum{};
      for (int64_t entry = first; entry < last; ++entry) {
        Lanes<float> values;
        load<float>(values, from + matrix.columns[entry] * sourceChannels);
        sum += values * matrix.weights[entry];
      }
      store<float>(target + row * targetChannels + blockOffset(block, targetChannels), sum);
    }
  }
}

/// Every vertex takes half of itself and a quarter of its two neighbours along an axis. A neighbour that is not there is the
/// row of zeros after the last vertex.
VISION_CLONES void blur(
    const int32_t* neighbours, const float* source, float* target, int64_t width, int64_t begin, int64_t end) {
  for (int64_t vertex = begin; vertex < end; ++vertex) {
    const float* one = source + neighbours[2 * vertex] * width;
    const float* other = source + neighbours[2 * vertex + 1] * width;
    for (int64_t i = 0; i < width; i += kLanes) {
      Lanes<float> centre, a, b;
      load<float>(centre, source + vertex * width + i);
      load<float>(a, one + i);
      load<float>(b, other + i);
      store<float>(target + vertex * width + i, centre * 0.5f + (a + b) * 0.25f);
    }
  }
}

at::Tensor filter(const at::Tensor& values, at::TensorList tensors) {
  PermutohedralLattice lattice = PermutohedralLattice::fromList(tensors);
  int64_t points = lattice.vertices.size(0);
  TORCH_CHECK(
      values.dim() == 2 && values.size(0) == points,
      "permutohedral_filter needs values [N, C] at the ",
      points,
      " points of the lattice, but they are ",
      values.sizes());
  int64_t channels = values.size(1);
  if (channels < kLanes) {
    return filter(at::constant_pad_nd(values, {0, kLanes - channels}), tensors).narrow(1, 0, channels).contiguous();
  }
  at::Tensor sources = values.to(at::kFloat).contiguous();
  int64_t corners = lattice.vertices.size(1);
  int64_t vertexCount = lattice.starts.size(0) - 1;
  int64_t width = roundUpToLanes(channels);

  at::Tensor tables = at::empty({2, vertexCount + 1, width}, sources.options());
  float* table = tables.data_ptr<float>();
  float* other = table + (vertexCount + 1) * width;
  std::fill(table + vertexCount * width, other, 0.0f);
  std::fill(other + vertexCount * width, other + (vertexCount + 1) * width, 0.0f);

  // Vertices have very different numbers of points: equal shares of the entries, not of the vertices.
  SparseRows splat{
      lattice.starts.data_ptr<int32_t>(), 0, lattice.members.data_ptr<int32_t>(), lattice.shares.data_ptr<float>()};
  const float* source = sources.data_ptr<float>();
  at::parallel_for(0, points * corners, kRowsPerTask * corners, [&](int64_t begin, int64_t end) {
    const int32_t* lastStart = splat.starts + vertexCount;
    int64_t first = std::lower_bound(splat.starts, lastStart, begin) - splat.starts;
    int64_t last = std::lower_bound(splat.starts, lastStart, end) - splat.starts;
    multiply(splat, source, channels, table, width, first, last);
  });

  for (int64_t axis = 0; axis < corners; ++axis) {
    const int32_t* pairs = lattice.neighbours.data_ptr<int32_t>() + axis * vertexCount * 2;
    at::parallel_for(0, vertexCount, kRowsPerTask, [&](int64_t begin, int64_t end) {
      blur(pairs, table, other, width, begin, end);
    });
    std::swap(table, other);
  }

  SparseRows slice{nullptr, corners, lattice.vertices.data_ptr<int32_t>(), lattice.weights.data_ptr<float>()};
  at::Tensor output = at::empty_like(sources);
  float* target = output.data_ptr<float>();
  at::parallel_for(0, points, kRowsPerTask, [&](int64_t begin, int64_t end) {
    multiply(slice, table, width, target, channels, begin, end);
  });
  return output.to(values.scalar_type());
}

TORCH_LIBRARY_IMPL(vision, CPU, m) {
  m.impl("permutohedral_filter", filter);
}

}  // namespace
}  // namespace vision
