// Functions of the autograd graph whose backward runs in C#. C# runs forward without recording, then ties the result to its inputs here.
#include "Bridge.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>

#include <stdexcept>

VISION_EXPORT const char* vt_last_error();

using namespace vision;
using namespace torch::autograd;

namespace {

// Gets the gradient of the output and writes one handle per input, null for none. Negative for a failure, with vt_last_error set.
using Backward = int32_t (*)(void* state, void* node, Handle gradient, Handle* results, int32_t count);
using Release = void (*)(void* state);

struct ManagedNode : Node {
  ManagedNode(Backward backward, Release free, void* state) : backward(backward), free(free), state(state) {}
  ~ManagedNode() override { free(state); }

  variable_list apply(variable_list&& gradients) override {
    at::Tensor gradient = gradients[0].defined() ? gradients[0] : input_metadata(0).zeros_like();
    std::vector<Handle> handles(num_outputs(), nullptr);
    int32_t result = backward(state, static_cast<Node*>(this), gradient.unsafeGetTensorImpl(), handles.data(), static_cast<int32_t>(handles.size()));
    if (result < 0) throw std::runtime_error(vt_last_error());
    variable_list results;
    for (Handle handle : handles)
      results.push_back(handle == nullptr ? at::Tensor() : at::Tensor(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim(handle)));
    return results;
  }

  void release_variables() override { saved.clear(); }

  std::string name() const override { return "ManagedFunction"; }

  std::vector<SavedVariable> saved;
  size_t savedCount = 0;

 private:
  Backward backward;
  Release free;
  void* state;
};

}  // namespace

// The output as a result of a function of the inputs, with what its backward will ask for. From here on the graph owns the state.
VISION_EXPORT Handle vt_function_record(Handle* inputs, int32_t input_count, Handle output, Handle* saved, int32_t saved_count,
                                        Backward backward, Release free, void* state) {
  return guarded<Handle>(nullptr, [&] {
    // deleteNode takes long graphs apart without recursion.
    std::shared_ptr<ManagedNode> node(new ManagedNode(backward, free, state), deleteNode);
    edge_list edges;
    for (int32_t i = 0; i < input_count; ++i) edges.push_back(impl::gradient_edge(borrow(inputs[i])));
    node->set_next_edges(std::move(edges));
    for (int32_t i = 0; i < saved_count; ++i) node->saved.emplace_back(borrow(saved[i]), /*is_output=*/false);
    node->savedCount = node->saved.size();
    // A tensor of its own: the output may be an input, or a view that may not be written to.
    at::Tensor result = borrow(output).variable_data();
    set_history(result, node);
    return release(std::move(result));
  });
}

// What was saved, while the node's backward runs. An error where it was freed after an earlier backward.
VISION_EXPORT int32_t vt_function_saved(void* node, Handle* results, int32_t capacity) {
  return guarded<int32_t>(-1, [&]() -> int32_t {
    auto* managed = static_cast<ManagedNode*>(static_cast<Node*>(node));
    if (managed->saved.size() != managed->savedCount)
      throw std::runtime_error("Trying to backward through the graph a second time: what it saved was freed; give retain_graph the first time.");
    if (results != nullptr)
      for (int32_t i = 0; i < capacity; ++i) results[i] = release(managed->saved[i].unpack());
    return static_cast<int32_t>(managed->savedCount);
  });
}

VISION_EXPORT void vt_set_last_error(const char* message) { setLastError(message); }
