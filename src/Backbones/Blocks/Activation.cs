using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>The activations that the families use.</summary>
internal enum Activation
{
    /// <summary>The identity.</summary>
    None,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>max(x, 0), at most 6.</summary>
    Relu6,

    /// <summary>x · sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>Swish with a piecewise-linear sigmoid (Howard et al. 2019, arXiv:1905.02244).</summary>
    Hardswish,
}

/// <summary>Applies an <see cref="Activation"/>.</summary>
internal static class Activations
{
    /// <summary>Applies the activation in place.</summary>
    public static Tensor Apply_(this Activation activation, Tensor x) => activation switch
    {
        Activation.None => x,
        Activation.Relu => x.relu_(),
        Activation.Relu6 => x.relu6_(),
        Activation.Silu => x.silu_(),
        Activation.Hardswish => x.hardswish_(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "No such activation."),
    };
}
