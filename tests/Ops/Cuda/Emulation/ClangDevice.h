// What NVRTC declares by itself and the kernels use, for clang without CUDA's headers.
#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __shared__ __attribute__((shared))
struct Places { unsigned x, y, z; };
#define threadIdx (Places{unsigned(__nvvm_read_ptx_sreg_tid_x()), 0, 0})
#define blockIdx (Places{unsigned(__nvvm_read_ptx_sreg_ctaid_x()), unsigned(__nvvm_read_ptx_sreg_ctaid_y()), 0})
#define blockDim (Places{unsigned(__nvvm_read_ptx_sreg_ntid_x()), 0, 0})
#define gridDim (Places{unsigned(__nvvm_read_ptx_sreg_nctaid_x()), 0, 0})
__device__ inline float ceilf(float value) { return __builtin_ceilf(value); }
__device__ inline double ceil(double value) { return __builtin_ceil(value); }
__device__ inline float floorf(float value) { return __builtin_floorf(value); }
__device__ inline double floor(double value) { return __builtin_floor(value); }
__device__ inline float atomicAdd(float* place, float value) { return __nvvm_atom_add_gen_f(place, value); }
__device__ inline double atomicAdd(double* place, double value) { return __nvvm_atom_add_gen_d(place, value); }
