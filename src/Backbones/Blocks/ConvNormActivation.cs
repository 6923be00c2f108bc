using TorchSharp.Utils;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>A convolution without bias, its normalization and an activation, under the keys <c>0</c> and
/// <c>1</c>; padded so that only the stride changes the size.</summary>
internal sealed class ConvNormActivation : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "0")] private readonly nn.Module<Tensor, Tensor> conv;
    [ComponentName(Name = "1")] private readonly nn.Module<Tensor, Tensor> norm;
    private readonly Activation activation;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernel">Side of the kernel, odd.</param>
    /// <param name="norm">Creates the normalization layer for a number of channels.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="stride">Stride of the convolution.</param>
    /// <param name="dilation">Its dilation.</param>
    /// <param name="groups">Its groups.</param>
    public ConvNormActivation(int inChannels, int outChannels, int kernel, Func<int, nn.Module<Tensor, Tensor>> norm, Activation activation,
        int stride = 1, int dilation = 1, int groups = 1) : base(nameof(ConvNormActivation))
    {
        conv = Conv3x3.Or(inChannels, outChannels, kernel, stride, dilation, groups, bias: false);
        this.norm = norm(outChannels);
        this.activation = activation;
        RegisterComponents();
    }

    /// <summary>[N, inChannels, H, W] to [N, outChannels, ⌈H/stride⌉, ⌈W/stride⌉].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return activation.Apply_(norm.call(conv.call(x))).MoveToOuterDisposeScope();
    }
}
