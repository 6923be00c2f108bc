// Any operator of libtorch by its schema name: find it once, then call it with tagged arguments.
#include "Bridge.h"
#include "Compat.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/Generator.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/stack.h>

#include <cstdlib>
#include <vector>

namespace vision {
namespace {

// How an argument's declared type changes the way a tagged value becomes an IValue.
enum class Kind : uint8_t { Plain, Float, OptionalTensorList };

struct Operator {
  c10::OperatorHandle handle;
  std::vector<Kind> kinds;
  std::vector<vision::optional<c10::IValue>> defaults;
};

Kind kindOf(const c10::Argument& argument) {
  c10::TypePtr type = argument.type();
  if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
  if (type->kind() == c10::TypeKind::FloatType) return Kind::Float;
  if (auto list = type->cast<c10::ListType>())
    if (list->getElementType()->kind() == c10::TypeKind::OptionalType) return Kind::OptionalTensorList;
  return Kind::Plain;
}

c10::IValue toIValue(const Value& value, Kind kind) {
  switch (value.tag) {
    case Tag::Tensor:
      return c10::IValue(borrow(static_cast<Handle>(value.payload.pointer)));
    case Tag::Int:
      return kind == Kind::Float ? c10::IValue(static_cast<double>(value.payload.integer)) : c10::IValue(value.payload.integer);
    case Tag::Double:
      return c10::IValue(value.payload.number);
    case Tag::Bool:
      return c10::IValue(value.payload.integer != 0);
    case Tag::Device:
      return c10::IValue(c10::Device(static_cast<c10::DeviceType>(value.payload.integer >> 32),
                                     static_cast<c10::DeviceIndex>(static_cast<int32_t>(value.payload.integer))));
    case Tag::String:
      return c10::IValue(std::string(static_cast<const char*>(value.payload.pointer), value.length));
    case Tag::IntList: {
      auto* items = static_cast<const int64_t*>(value.payload.pointer);
      return c10::IValue(std::vector<int64_t>(items, items + value.length));
    }
    case Tag::DoubleList: {
      auto* items = static_cast<const double*>(value.payload.pointer);
      return c10::IValue(std::vector<double>(items, items + value.length));
    }
    case Tag::BoolList: {
      auto* items = static_cast<const uint8_t*>(value.payload.pointer);
      c10::List<bool> list;
      list.reserve(value.length);
      for (int32_t i = 0; i < value.length; ++i) list.push_back(items[i] != 0);
      return c10::IValue(std::move(list));
    }
    case Tag::TensorList: {
      auto* items = static_cast<const Handle*>(value.payload.pointer);
      if (kind == Kind::OptionalTensorList) {
        c10::List<vision::optional<at::Tensor>> list;
        list.reserve(value.length);
        for (int32_t i = 0; i < value.length; ++i)
          list.push_back(items[i] == nullptr ? vision::optional<at::Tensor>() : vision::optional<at::Tensor>(borrow(items[i])));
        return c10::IValue(std::move(list));
      }
      c10::List<at::Tensor> list;
      list.reserve(value.length);
      for (int32_t i = 0; i < value.length; ++i) list.push_back(borrow(items[i]));
      return c10::IValue(std::move(list));
    }
    case Tag::Generator:
      return c10::IValue(*static_cast<at::Generator*>(value.payload.pointer));
    case Tag::None:
    case Tag::Default:
      break;
  }
  return c10::IValue();
}

Value tensorResult(at::Tensor tensor) {
  Value value;
  value.tag = tensor.defined() ? Tag::Tensor : Tag::None;
  value.length = ownedKiB(tensor);
  value.payload.pointer = release(std::move(tensor));
  return value;
}

Value toResult(c10::IValue&& source) {
  Value value{Tag::None, 0, {0}};
  if (source.isTensor()) {
    return tensorResult(std::move(source).toTensor());
  } else if (source.isInt()) {
    value.tag = Tag::Int;
    value.payload.integer = source.toInt();
  } else if (source.isDouble()) {
    value.tag = Tag::Double;
    value.payload.number = source.toDouble();
  } else if (source.isBool()) {
    value.tag = Tag::Bool;
    value.payload.integer = source.toBool();
  } else if (source.isTensorList()) {
    auto list = std::move(source).toTensorVector();
    auto* items = static_cast<Value*>(std::malloc(sizeof(Value) * (list.size() + 1)));
    for (size_t i = 0; i < list.size(); ++i) items[i] = tensorResult(std::move(list[i]));
    value.tag = Tag::TensorList;
    value.length = static_cast<int32_t>(list.size());
    value.payload.pointer = items;  // freed by vt_free
  } else if (!source.isNone()) {
    TORCH_CHECK(false, "the operator returned a ", source.tagKind(), ", which the bridge does not carry");
  }
  return value;
}

}  // namespace
}  // namespace vision

using namespace vision;

VISION_EXPORT void* vt_operator_find(const char* name, const char* overload) {
  return guarded<void*>(nullptr, [&]() -> void* {
    auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
    TORCH_CHECK(handle.has_value(), "this libtorch (", TORCH_VERSION, ") has no operator ", name, *overload ? "." : "", overload);
    auto* op = new Operator{*handle, {}, {}};  // lives as long as the process, like the operator
    for (const auto& argument : handle->schema().arguments()) {
      op->kinds.push_back(kindOf(argument));
      op->defaults.push_back(argument.default_value());
    }
    return op;
  });
}

// Calls the operator; returns the number of its results, of which the first `capacity` are written and the rest dropped.
VISION_EXPORT int32_t vt_operator_call(void* op, const Value* arguments, int32_t count, Value* results, int32_t capacity) {
  return guarded<int32_t>(-1, [&]() -> int32_t {
    auto& self = *static_cast<Operator*>(op);
    const size_t expected = self.kinds.size();
    TORCH_CHECK(static_cast<size_t>(count) <= expected, self.handle.operator_name(), " takes ", expected, " arguments, not ", count);
    torch::jit::Stack stack;
    stack.reserve(expected);
    for (size_t i = 0; i < expected; ++i) {
      if (i < static_cast<size_t>(count) && arguments[i].tag != Tag::Default) {
        stack.push_back(toIValue(arguments[i], self.kinds[i]));
      } else {
        TORCH_CHECK(self.defaults[i].has_value(), self.handle.operator_name(), " needs its argument ",
                    self.handle.schema().arguments()[i].name());
        stack.push_back(*self.defaults[i]);
      }
    }
    self.handle.callBoxed(stack);
    const auto produced = static_cast<int32_t>(stack.size());
    for (int32_t i = 0; i < produced && i < capacity; ++i) results[i] = toResult(std::move(stack[i]));
    return produced;
  });
}

VISION_EXPORT void vt_free(void* memory) { std::free(memory); }
