using TorchSharp;
using Vision.Ops.Cuda;
using static TorchSharp.torch;

namespace Vision.Ops.RoiAlignment;

/// <summary>RoIAlign by the kernel for the features' device, with a gradient for the features.</summary>
internal sealed class RoiAlignFunction : autograd.SingleTensorFunction<RoiAlignFunction>
{
    private const string CallKey = "call";

    public override string Name => nameof(RoiAlign);

    /// <summary>Pools checked arguments, with a gradient if needed.</summary>
    public static Tensor Pool(Tensor features, Tensor rois, RoiAlignOptions options)
    {
        if (!KernelDevice.Has(features))
        {
            return RoiAlignPortable.Pool(
                features, rois, options.OutHeight, options.OutWidth, options.SpatialScale, options.SamplingRatio, options.Aligned);
        }
        return is_grad_enabled() && features.requires_grad ? apply(features, rois, options) : Forward(features, rois, options);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (features, rois, options) = ((Tensor)vars[0], (Tensor)vars[1], (RoiAlignOptions)vars[2]);
        ctx.save_for_backward([rois]);
        ctx.save_data(CallKey, new Call(options, features.shape, RoiAlignCpu.IsChannelsLast(features)));
        return Forward(features, rois, options);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        Tensor rois = ctx.get_saved_variables()[0];
        var ((height, width, scale, ratio, aligned), shape, channelsLast) = (Call)ctx.get_data(CallKey);
        Tensor gradient = grad_output.device_type == DeviceType.CUDA
            ? RoiAlignCuda.Backward(grad_output, rois, height, width, scale, ratio, aligned, shape, channelsLast)
            : RoiAlignCpu.Backward(grad_output, rois, height, width, scale, ratio, aligned, shape, channelsLast);
        return [gradient.MoveToOuterDisposeScope(), null!, null!];
    }

    private sealed record Call(RoiAlignOptions Options, long[] Shape, bool ChannelsLast);

    private static Tensor Forward(Tensor features, Tensor rois, RoiAlignOptions options)
    {
        var (height, width, scale, ratio, aligned) = options;
        return features.device_type == DeviceType.CUDA
            ? RoiAlignCuda.Forward(features, rois, height, width, scale, ratio, aligned)
            : RoiAlignCpu.Forward(features, rois, height, width, scale, ratio, aligned);
    }
}
