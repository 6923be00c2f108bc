// What vision::permutohedral_build makes and vision::permutohedral_filter takes: N points in d dimensions among M vertices.
#pragma once

#include <ATen/ATen.h>

#include <vector>

namespace vision {

struct PermutohedralLattice {
  at::Tensor vertices;    // int32 [N, d + 1]: those around each point
  at::Tensor weights;     // float [N, d + 1]: what is read from each
  at::Tensor starts;      // int32 [M + 1]: a vertex' members are [starts[m], starts[m + 1])
  at::Tensor members;     // int32 [N (d + 1)]: the points around each vertex, in their order
  at::Tensor shares;      // float [N (d + 1)]: what each gives to it
  at::Tensor neighbours;  // int32 [d + 1, M, 2]: on both sides of a vertex along each axis; M for none

  std::vector<at::Tensor> toList() const {
    return {vertices, weights, starts, members, shares, neighbours};
  }

  static PermutohedralLattice fromList(at::TensorList list) {
    TORCH_CHECK(list.size() == 6, "a permutohedral lattice is 6 tensors, but these are ", list.size());
    PermutohedralLattice lattice{list[0], list[1], list[2], list[3], list[4], list[5]};
    for (const at::Tensor& indices : {lattice.vertices, lattice.starts, lattice.members, lattice.neighbours}) {
      TORCH_CHECK(
          indices.scalar_type() == at::kInt && indices.is_contiguous(), "a permutohedral lattice has contiguous int32 indices");
    }
    for (const at::Tensor& weights : {lattice.weights, lattice.shares}) {
      TORCH_CHECK(
          weights.scalar_type() == at::kFloat && weights.is_contiguous() && weights.numel() == lattice.vertices.numel(),
          "a permutohedral lattice has a float weight for each vertex around each point");
    }
    return lattice;
  }
};

}  // namespace vision
