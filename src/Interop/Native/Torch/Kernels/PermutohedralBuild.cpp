// The permutohedral lattice of a set of points (Adams, Baek & Davis 2010, "Fast High-Dimensional Filtering Using the
// Permutohedral Lattice"): which vertices surround each point, with which weights, and which vertices are neighbours.
// It depends on the points alone, so it is built once and then filters any values at them (PermutohedralFilter.cpp).
#include <ATen/Parallel.h>
#include <torch/library.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "LatticeGeometry.h"
#include "PermutohedralLattice.h"
#include "VertexTable.h"

namespace vision {
namespace {

constexpr int64_t kMinPointsPerPart = 4096;

/// A run of points with the vertices that they use.
struct Part {
  int64_t begin;
  int64_t end;
  VertexTable table;
  std::vector<int32_t> numbers{};  // of the table's vertices among those of all parts
  std::vector<int32_t> counts{};   // of all vertices; then where the part's next entry of a vertex belongs
  bool tooFar = false;
};

std::vector<Part> split(int64_t points, int64_t dimensions) {
  int64_t count = std::max<int64_t>(1, std::min<int64_t>(at::get_num_threads(), points / kMinPointsPerPart));
  std::vector<Part> parts;
  for (int64_t i = 0; i < count; ++i) {
    parts.push_back({points * i / count, points * (i + 1) / count, VertexTable(dimensions)});
  }
  return parts;
}

template <typename Work>
void forEach(std::vector<Part>& parts, const Work& work) {
  at::parallel_for(0, static_cast<int64_t>(parts.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      work(parts[i]);
    }
  });
}

/// Joins the vertices of all parts: the first part's table becomes that of all.
VertexTable& join(std::vector<Part>& parts) {
  VertexTable& all = parts[0].table;
  for (Part& part : parts) {
    for (int64_t i = 0; i < part.table.size(); ++i) {
      part.numbers.push_back(&part == &parts[0] ? static_cast<int32_t>(i) : all.insert(part.table.vertex(i)));
    }
  }
  return all;
}

at::Tensor neighboursOf(const VertexTable& table, int64_t dimensions, const at::TensorOptions& options) {
  int64_t vertices = table.size();
  at::Tensor neighbours = at::empty({dimensions + 1, vertices, 2}, options);
  int32_t* data = neighbours.data_ptr<int32_t>();
  at::parallel_for(0, vertices, 256, [&](int64_t begin, int64_t end) {
    int32_t moved[kMaxDimensions];
    for (int64_t i = begin; i < end; ++i) {
      for (int64_t axis = 0; axis <= dimensions; ++axis) {
        for (int side = 0; side < 2; ++side) {
          int32_t sign = side == 0 ? 1 : -1;
          for (int64_t k = 0; k < dimensions; ++k) {
            moved[k] = table.vertex(i)[k] + sign * (k == axis ? -static_cast<int32_t>(dimensions) : 1);
          }
          int32_t found = table.find(moved);
          data[(axis * vertices + i) * 2 + side] = found == VertexTable::kNone ? static_cast<int32_t>(vertices) : found;
        }
      }
    }
  });
  return neighbours;
}

/// Where each vertex' entries start, when those of all parts are put together in the order of the points.
at::Tensor startsOf(std::vector<Part>& parts, int64_t vertices, const at::TensorOptions& options) {
  at::Tensor starts = at::empty({vertices + 1}, options);
  int32_t* data = starts.data_ptr<int32_t>();
  int32_t next = 0;
  for (int64_t i = 0; i < vertices; ++i) {
    data[i] = next;
    for (Part& part : parts) {
      int32_t count = part.counts[i];
      part.counts[i] = next;
      next += count;
    }
  }
  data[vertices] = next;
  return starts;
}

std::vector<at::Tensor> build(const at::Tensor& features) {
  TORCH_CHECK(features.dim() == 2, "permutohedral_build needs features [N, d], but they are ", features.sizes());
  int64_t points = features.size(0);
  int64_t dimensions = features.size(1);
  TORCH_CHECK(
      dimensions >= 1 && dimensions <= kMaxDimensions,
      "permutohedral_build needs points of 1 to ",
      kMaxDimensions,
      " dimensions, but these have ",
      dimensions);
  int64_t corners = dimensions + 1;
  TORCH_CHECK(
      points * corners < std::numeric_limits<int32_t>::max(), "permutohedral_build: ", points, " points are too many");
  at::Tensor positions = features.to(at::kFloat).contiguous();
  const float* position = positions.data_ptr<float>();
  at::TensorOptions whole = positions.options().dtype(at::kInt);

  at::Tensor vertices = at::empty({points, corners}, whole);
  at::Tensor weights = at::empty({points, corners}, positions.options());
  int32_t* vertex = vertices.data_ptr<int32_t>();
  float* weight = weights.data_ptr<float>();
  LatticeGeometry geometry(dimensions);
  std::vector<Part> parts = split(points, dimensions);
  forEach(parts, [&](Part& part) {
    int32_t around[(kMaxDimensions + 1) * kMaxDimensions];
    for (int64_t i = part.begin; i < part.end; ++i) {
      if (!geometry.surround(position + i * dimensions, around, weight + i * corners)) {
        part.tooFar = true;
        return;
      }
      for (int64_t k = 0; k < corners; ++k) {
        vertex[i * corners + k] = part.table.insert(around + k * dimensions);
      }
    }
  });
  for (const Part& part : parts) {
    TORCH_CHECK(!part.tooFar, "permutohedral_build: a feature is not finite, or too large");
  }

  VertexTable& table = join(parts);
  int64_t vertexCount = table.size();
  forEach(parts, [&](Part& part) {
    part.counts.resize(vertexCount);
    for (int64_t k = part.begin * corners; k < part.end * corners; ++k) {
      vertex[k] = part.numbers[vertex[k]];
      ++part.counts[vertex[k]];
    }
  });
  at::Tensor starts = startsOf(parts, vertexCount, whole);
  at::Tensor members = at::empty({points * corners}, whole);
  at::Tensor shares = at::empty({points * corners}, positions.options());
  int32_t* member = members.data_ptr<int32_t>();
  float* share = shares.data_ptr<float>();
  forEach(parts, [&](Part& part) {
    for (int64_t i = part.begin; i < part.end; ++i) {
      for (int64_t k = i * corners; k < (i + 1) * corners; ++k) {
        int32_t entry = part.counts[vertex[k]]++;
        member[entry] = static_cast<int32_t>(i);
        share[entry] = weight[k] * geometry.mass;
      }
    }
  });
  return PermutohedralLattice{vertices, weights, starts, members, shares, neighboursOf(table, dimensions, whole)}.toList();
}

TORCH_LIBRARY_IMPL(vision, CPU, m) {
  m.impl("permutohedral_build", build);
}

}  // namespace
}  // namespace vision
