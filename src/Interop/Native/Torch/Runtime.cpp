// The process: threads, devices, random numbers, versions, errors.
#include "Bridge.h"
#include "Compat.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/cuda.h>

#include <mutex>

namespace vision {
namespace {

thread_local std::string lastError;

}  // namespace

void setLastError(const std::string& message) { lastError = message; }

}  // namespace vision

using namespace vision;

VISION_EXPORT const char* vt_last_error() { return lastError.c_str(); }

VISION_EXPORT const char* vt_version() { return TORCH_VERSION; }

VISION_EXPORT int32_t vt_num_threads() { return at::get_num_threads(); }

VISION_EXPORT int32_t vt_set_num_threads(int32_t count) {
  return guarded<int32_t>(-1, [&] {
    at::set_num_threads(count);
    return 0;
  });
}

VISION_EXPORT int32_t vt_num_interop_threads() { return at::get_num_interop_threads(); }

VISION_EXPORT int32_t vt_set_num_interop_threads(int32_t count) {
  return guarded<int32_t>(-1, [&] {
    at::set_num_interop_threads(count);
    return 0;
  });
}

VISION_EXPORT int32_t vt_cuda_device_count() {
  return guarded<int32_t>(-1, [&]() -> int32_t { return static_cast<int32_t>(torch::cuda::device_count()); });
}

VISION_EXPORT int32_t vt_cuda_synchronize(int64_t device) {
  return guarded<int32_t>(-1, [&] {
    torch::cuda::synchronize(device);
    return 0;
  });
}

// Seeds the default generators of every device.
VISION_EXPORT int32_t vt_manual_seed(uint64_t seed) {
  return guarded<int32_t>(-1, [&] {
    at::manual_seed(seed);
    return 0;
  });
}

// A generator of its own on the device, or a reference to the device's default one.
VISION_EXPORT at::Generator* vt_generator_new(int64_t device, int32_t is_default) {
  return guarded<at::Generator*>(nullptr, [&] {
    c10::Device where(static_cast<c10::DeviceType>(device >> 32), static_cast<c10::DeviceIndex>(static_cast<int32_t>(device)));
    const at::Generator& global = at::globalContext().defaultGenerator(where);
    return new at::Generator(is_default ? global : global.clone());
  });
}

VISION_EXPORT void vt_generator_free(at::Generator* generator) { delete generator; }

VISION_EXPORT int32_t vt_generator_seed(at::Generator* generator, uint64_t seed) {
  return guarded<int32_t>(-1, [&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_current_seed(seed);
    return 0;
  });
}

VISION_EXPORT uint64_t vt_generator_initial_seed(at::Generator* generator) { return generator->current_seed(); }

VISION_EXPORT Handle vt_generator_state(at::Generator* generator) {
  return guarded<Handle>(nullptr, [&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    return release(generator->get_state());
  });
}

VISION_EXPORT int32_t vt_generator_set_state(at::Generator* generator, Handle state) {
  return guarded<int32_t>(-1, [&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_state(borrow(state));
    return 0;
  });
}
