// Definitions shared by all kernels. NVRTC compiles them with VISION_REAL as float or double and VISION_INDEX as int or long long
// (KernelSource.cs), and without fused multiply-adds, so that they round like the CPU's kernels. Every kernel argument is a
// pointer, a Real, an Index or a struct of Index fields, as KernelArgument.cs packs it.
#ifndef VISION_ELEMENTS_CUH
#define VISION_ELEMENTS_CUH

/// The type of the elements, and of the arithmetic.
typedef VISION_REAL Real;

/// Counts and indices: int if all of them fit, because a GPU divides 64-bit integers slowly.
typedef VISION_INDEX Index;

/// A loop whose steps are divided among all threads of a one-dimensional grid.
#define FOR_EACH(step, count)                                                                                           \
  for (Index step = static_cast<Index>(blockIdx.x) * static_cast<Index>(blockDim.x) + static_cast<Index>(threadIdx.x);  \
       step < (count); step += static_cast<Index>(blockDim.x) * static_cast<Index>(gridDim.x))

// One name for both precisions.
__device__ inline float roundUp(float value) {
  return ceilf(value);
}

__device__ inline double roundUp(double value) {
  return ceil(value);
}

__device__ inline float roundDown(float value) {
  return floorf(value);
}

__device__ inline double roundDown(double value) {
  return floor(value);
}

#endif
