namespace Vision.Ops.Convolution;

/// <summary>An element-wise function that a convolution applies to its result.</summary>
internal enum ConvolutionActivation
{
    None,
    Relu,
    Relu6,
    HardSwish,
    HardSigmoid,
    Silu,
    Sigmoid,
}
