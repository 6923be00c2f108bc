// The C ABI between C# and libtorch: how values and errors cross it.
//
// A tensor handle is a bare at::TensorImpl* that owns one reference; vt_tensor_free gives it back. Functions that can
// fail return a negative number (or null), and vt_last_error() then has libtorch's message for the calling thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

#define VISION_EXPORT extern "C" __attribute__((visibility("default")))

namespace vision {

enum class Tag : int32_t {
  None = 0,
  Default = 1,     // the schema's default
  Tensor = 2,      // payload.pointer: a handle
  Int = 3,         // payload.integer; also ScalarType, Layout, MemoryFormat
  Double = 4,
  Bool = 5,
  Device = 6,      // payload.integer: type << 32 | (index & 0xffffffff)
  String = 7,      // payload.pointer: UTF-8, length bytes
  IntList = 8,     // payload.pointer: int64_t[length]
  DoubleList = 9,  // payload.pointer: double[length]
  BoolList = 10,   // payload.pointer: uint8_t[length]
  TensorList = 11, // payload.pointer: handles[length], null for none
  Generator = 12,  // payload.pointer: at::Generator*
};

// Argument or result of an operator; mirrored by NativeValue in C#.
struct Value {
  Tag tag;
  int32_t length;
  union {
    int64_t integer;
    double number;
    void* pointer;
  } payload;
};
static_assert(sizeof(Value) == 16, "C# mirrors this layout");

using Handle = at::TensorImpl*;

// The tensor behind a handle, with a reference of its own; an undefined tensor for null.
inline at::Tensor borrow(Handle handle) {
  return handle == nullptr ? at::Tensor()
                           : at::Tensor(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim_copy(handle));
}

// Hands the tensor's reference out; null for an undefined tensor.
inline Handle release(at::Tensor tensor) {
  return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

// Bytes that this tensor alone keeps alive, in KiB, for the garbage collector's bookkeeping; views count nothing.
int32_t ownedKiB(const at::Tensor& tensor);

void setLastError(const std::string& message);

// Runs the body, turning an exception into a stored message and the failure value.
template <typename Result, typename Body>
Result guarded(Result failure, Body&& body) {
  try {
    return body();
  } catch (const c10::Error& error) {
    setLastError(error.what_without_backtrace());
  } catch (const std::exception& error) {
    setLastError(error.what());
  } catch (...) {
    setLastError("an exception of unknown type in libtorch");
  }
  return failure;
}

}  // namespace vision
