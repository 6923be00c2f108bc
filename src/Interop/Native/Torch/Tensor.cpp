// Lifetime and description of a tensor: what is asked too often, or too low down, to go through an operator.
#include "Bridge.h"

#include <ATen/ATen.h>

namespace vision {

int32_t ownedKiB(const at::Tensor& tensor) {
  if (!tensor.defined() || !tensor.device().is_cpu() || !tensor.has_storage() || tensor.storage().use_count() != 1) return 0;
  return static_cast<int32_t>(std::min<size_t>(tensor.storage().nbytes() >> 10, INT32_MAX));
}

}  // namespace vision

using namespace vision;

VISION_EXPORT void vt_tensor_free(Handle handle) {
  c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim(handle);  // and drops it
}

VISION_EXPORT int32_t vt_tensor_dim(Handle handle) { return static_cast<int32_t>(handle->dim()); }

VISION_EXPORT int64_t vt_tensor_numel(Handle handle) { return handle->numel(); }

VISION_EXPORT void vt_tensor_sizes(Handle handle, int64_t* sizes) {
  auto source = handle->sizes();
  std::copy(source.begin(), source.end(), sizes);
}

VISION_EXPORT void vt_tensor_strides(Handle handle, int64_t* strides) {
  auto source = handle->strides();
  std::copy(source.begin(), source.end(), strides);
}

VISION_EXPORT int32_t vt_tensor_dtype(Handle handle) { return static_cast<int32_t>(c10::typeMetaToScalarType(handle->dtype())); }

VISION_EXPORT int64_t vt_tensor_device(Handle handle) {
  c10::Device device = handle->device();
  return static_cast<int64_t>(device.type()) << 32 | static_cast<uint32_t>(static_cast<int32_t>(device.index()));
}

VISION_EXPORT int64_t vt_tensor_storage_offset(Handle handle) { return handle->storage_offset(); }

VISION_EXPORT int32_t vt_tensor_is_contiguous(Handle handle, int32_t memory_format) {
  return handle->is_contiguous(static_cast<at::MemoryFormat>(memory_format));
}

// The first element's address; null on failure (an undefined or sparse tensor).
VISION_EXPORT void* vt_tensor_data(Handle handle) {
  return guarded<void*>(nullptr, [&] { return borrow(handle).data_ptr(); });
}

// Bytes of the storage under the tensor, which views share.
VISION_EXPORT int64_t vt_tensor_storage_bytes(Handle handle) {
  return guarded<int64_t>(-1, [&] { return static_cast<int64_t>(borrow(handle).storage().nbytes()); });
}

// Another handle to the same tensor object.
VISION_EXPORT Handle vt_tensor_alias(Handle handle) { return release(borrow(handle)); }
