using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>
/// Batch normalization whose statistics and affine parameters are constants: buffers <c>weight</c>, <c>bias</c>, <c>running_mean</c>
/// and <c>running_var</c>, under torchvision's names. Training and evaluation mode are the same, and only the input gets a gradient.
/// </summary>
public sealed class FrozenBatchNorm2d : nn.Module<Tensor, Tensor>
{
    /// <summary>Added to the variance: the value that every batch normalization of a ResNet is trained with.</summary>
    public const double Epsilon = 1e-5;

    private readonly Tensor weight;
    private readonly Tensor bias;
    private readonly Tensor running_mean;
    private readonly Tensor running_var;

    /// <summary>The identity (up to <see cref="Epsilon"/>) until weights are loaded.</summary>
    /// <param name="channels">Channels of the input.</param>
    public FrozenBatchNorm2d(int channels) : base(nameof(FrozenBatchNorm2d))
    {
        weight = ones(channels);
        bias = zeros(channels);
        running_mean = zeros(channels);
        running_var = ones(channels);
        RegisterComponents();
        this.DetachOwnTensors();
    }

    /// <summary>(x − mean) / √(var + ε) · weight + bias, per channel of [N, C, H, W].</summary>
    public override Tensor forward(Tensor input)
    {
        // One pass over memory instead of two. In training the rounding must match torchvision's: otherwise differences in the last digit
        // move some of the many activations near zero across the ReLU's kink, which changes gradients by thousandths.
        if (!is_grad_enabled()) return nn.functional.batch_norm(input, running_mean, running_var, weight, bias, false, 0.0, Epsilon);

        using var scope = NewDisposeScope();
        Tensor scale = weight * (running_var + Epsilon).rsqrt();        // [C]
        Tensor shift = bias - running_mean * scale;
        Tensor output = (input * scale.reshape(1, -1, 1, 1)).add_(shift.reshape(1, -1, 1, 1));
        // In mixed precision the statistics are in float32, but what follows is kept in 16 bits, as other norms do.
        return (output.dtype == input.dtype ? output : output.to(input.dtype)).MoveToOuterDisposeScope();
    }
}
