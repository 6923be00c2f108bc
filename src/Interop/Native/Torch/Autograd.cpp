// Gradients: backward, grad, and the modes that switch recording off.
#include "Bridge.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

using namespace vision;

namespace {

std::vector<at::Tensor> tensors(Handle* handles, int32_t count) {
  std::vector<at::Tensor> result;
  result.reserve(count);
  for (int32_t i = 0; i < count; ++i) result.push_back(borrow(handles[i]));
  return result;
}

}  // namespace

VISION_EXPORT int32_t vt_backward(Handle* outputs, int32_t output_count, Handle* gradients, int32_t gradient_count,
                                  int32_t retain_graph, int32_t create_graph, Handle* inputs, int32_t input_count) {
  return guarded<int32_t>(-1, [&] {
    torch::autograd::backward(tensors(outputs, output_count), tensors(gradients, gradient_count), retain_graph != 0,
                              create_graph != 0, tensors(inputs, input_count));
    return 0;
  });
}

// Writes one handle per input; null where the input is not used.
VISION_EXPORT int32_t vt_grad(Handle* outputs, int32_t output_count, Handle* inputs, int32_t input_count, Handle* gradients,
                              int32_t gradient_count, int32_t retain_graph, int32_t create_graph, int32_t allow_unused,
                              Handle* results) {
  return guarded<int32_t>(-1, [&] {
    auto found = torch::autograd::grad(tensors(outputs, output_count), tensors(inputs, input_count),
                                       tensors(gradients, gradient_count), retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (size_t i = 0; i < found.size(); ++i) results[i] = release(std::move(found[i]));
    return 0;
  });
}

VISION_EXPORT int32_t vt_requires_grad(Handle handle) { return handle->requires_grad(); }

VISION_EXPORT int32_t vt_set_requires_grad(Handle handle, int32_t value) {
  return guarded<int32_t>(-1, [&] {
    borrow(handle).set_requires_grad(value != 0);
    return 0;
  });
}

VISION_EXPORT int32_t vt_is_leaf(Handle handle) {
  return guarded<int32_t>(-1, [&]() -> int32_t { return borrow(handle).is_leaf(); });
}

VISION_EXPORT Handle vt_gradient(Handle handle) {
  return guarded<Handle>(nullptr, [&] { return release(borrow(handle).grad()); });
}

VISION_EXPORT int32_t vt_set_gradient(Handle handle, Handle gradient) {
  return guarded<int32_t>(-1, [&] {
    borrow(handle).mutable_grad() = borrow(gradient);
    return 0;
  });
}

VISION_EXPORT int32_t vt_grad_enabled() { return c10::GradMode::is_enabled(); }

VISION_EXPORT void vt_set_grad_enabled(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

// Inference mode is a guard object of the calling thread; the same thread must leave it, innermost first.
VISION_EXPORT void* vt_inference_mode_enter(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }

VISION_EXPORT void vt_inference_mode_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

VISION_EXPORT int32_t vt_inference_mode_enabled() { return c10::InferenceMode::is_enabled(); }
