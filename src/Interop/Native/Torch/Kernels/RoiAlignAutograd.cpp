// The gradient of vision::roi_align with respect to the features, on every device. The regions get none, as in torchvision.
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/autograd.h>
#include <torch/library.h>

#include "RoiAlign.h"

namespace vision {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

class RoiAlignFunction : public torch::autograd::Function<RoiAlignFunction> {
 public:
  static at::Tensor forward(
      AutogradContext* context,
      const at::Tensor& input,
      const at::Tensor& rois,
      double spatialScale,
      int64_t pooledHeight,
      int64_t pooledWidth,
      int64_t samplingRatio,
      bool aligned) {
    context->save_for_backward({rois});
    context->saved_data["spatialScale"] = spatialScale;
    context->saved_data["pooledHeight"] = pooledHeight;
    context->saved_data["pooledWidth"] = pooledWidth;
    context->saved_data["samplingRatio"] = samplingRatio;
    context->saved_data["aligned"] = aligned;
    context->saved_data["inputSize"] = input.sizes();
    context->saved_data["channelsLast"] = isChannelsLast(input);

    static auto op = c10::Dispatcher::singleton().findSchemaOrThrow("vision::roi_align", "").typed<RoiAlign>();
    at::AutoDispatchBelowADInplaceOrView guard;
    return op.call(input, rois, spatialScale, pooledHeight, pooledWidth, samplingRatio, aligned);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    static auto op =
        c10::Dispatcher::singleton().findSchemaOrThrow("vision::roi_align_backward", "").typed<RoiAlignBackward>();
    std::vector<int64_t> inputSize = context->saved_data["inputSize"].toIntVector();
    at::Tensor gradient = op.call(
        gradients[0],
        context->get_saved_variables()[0],
        context->saved_data["spatialScale"].toDouble(),
        context->saved_data["pooledHeight"].toInt(),
        context->saved_data["pooledWidth"].toInt(),
        context->saved_data["samplingRatio"].toInt(),
        context->saved_data["aligned"].toBool(),
        inputSize,
        context->saved_data["channelsLast"].toBool());
    return {gradient, {}, {}, {}, {}, {}, {}};
  }
};

at::Tensor roiAlignAutograd(
    const at::Tensor& input,
    const at::Tensor& rois,
    double spatialScale,
    int64_t pooledHeight,
    int64_t pooledWidth,
    int64_t samplingRatio,
    bool aligned) {
  return RoiAlignFunction::apply(input, rois, spatialScale, pooledHeight, pooledWidth, samplingRatio, aligned);
}

TORCH_LIBRARY_IMPL(vision, Autograd, m) {
  m.impl("roi_align", roiAlignAutograd);
}

}  // namespace
}  // namespace vision
