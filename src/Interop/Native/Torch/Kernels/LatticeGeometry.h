// The geometry of the permutohedral lattice (Adams, Baek & Davis 2010): the simplex around a point.
#pragma once

#include <cmath>
#include <cstdint>

namespace vision {

constexpr int64_t kMaxDimensions = 15;
constexpr double kFarthest = 1 << 30;  // vertices and their neighbours are int32

/// The lattice lives in the hyperplane Σx = 0 of d + 1 dimensions; its vertices have integer coordinates that all leave the
/// same remainder after division by d + 1. A vertex is stored without its last coordinate, which follows from the others.
struct LatticeGeometry {
  int64_t dimensions;
  double scales[kMaxDimensions];
  float mass;

  explicit LatticeGeometry(int64_t dimensions) : dimensions(dimensions) {
    // Splat, blur and slice together have the variance of 2/3 (d + 1)² of a lattice of this spacing.
    double deviation = (dimensions + 1) * std::sqrt(2.0 / 3);
    for (int64_t i = 0; i < dimensions; ++i) {
      scales[i] = deviation / std::sqrt((i + 1.0) * (i + 2.0));
    }
    // Splat, blur and slice keep the sum of the values, spread over cells of volume (d + 1)^(d − 1/2); the Gaussian that
    // they stand for is 1 at its centre, and has the integral (2π)^(d/2) deviation^d.
    mass = static_cast<float>(std::pow(2 * M_PI * 2 / 3, dimensions / 2.0) * std::sqrt(dimensions + 1.0));
  }

  /// The d + 1 vertices around a point, [d + 1, d], and their weights, which sum to 1. False where the point is too far
  /// from 0 for whole coordinates.
  bool surround(const float* point, int32_t* vertices, float* weights) const {
    int32_t count = static_cast<int32_t>(dimensions) + 1;
    double elevated[kMaxDimensions + 1];
    double sum = 0;
    for (int32_t i = count - 1; i > 0; --i) {
      double coordinate = point[i - 1] * scales[i - 1];
      elevated[i] = sum - i * coordinate;
      sum += coordinate;
    }
    elevated[0] = sum;

    // The nearest point whose coordinates are all multiples of d + 1, which need not lie in the hyperplane.
    int32_t base[kMaxDimensions + 1];
    double rest[kMaxDimensions + 1];
    int32_t excess = 0;
    for (int32_t i = 0; i < count; ++i) {
      double multiple = std::nearbyint(elevated[i] / count);
      if (!(std::abs(multiple) * count < kFarthest)) {
        return false;
      }
      base[i] = static_cast<int32_t>(multiple) * count;
      rest[i] = elevated[i] - base[i];
      excess += static_cast<int32_t>(multiple);
    }

    // The order of the rests says in which simplex the point is; those at one end move by d + 1, back into the hyperplane.
    int32_t rank[kMaxDimensions + 1] = {};
    for (int32_t i = 0; i < count; ++i) {
      for (int32_t j = i + 1; j < count; ++j) {
        ++rank[rest[i] < rest[j] ? i : j];
      }
    }
    double sorted[kMaxDimensions + 1] = {};
    for (int32_t i = 0; i < count; ++i) {
      rank[i] += excess;
      int32_t shift = rank[i] < 0 ? count : rank[i] >= count ? -count : 0;
      rank[i] += shift;
      base[i] += shift;
      sorted[rank[i]] = (rest[i] - shift) / count;
    }

    // Barycentric coordinates are the differences of consecutive rests.
    weights[0] = static_cast<float>(1 - sorted[0] + sorted[count - 1]);
    for (int32_t k = 1; k < count; ++k) {
      weights[k] = static_cast<float>(sorted[count - 1 - k] - sorted[count - k]);
    }
    for (int32_t k = 0; k < count; ++k) {
      for (int32_t i = 0; i < count - 1; ++i) {
        *vertices++ = base[i] + (rank[i] < count - k ? k : k - count);
      }
    }
    return true;
  }
};

}  // namespace vision
