using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Convolution;

/// <summary>
/// A convolution with constant weights on the CPU, with its bias and an activation in one pass of oneDNN's over the result. Its weights are
/// packed once, in the order in which oneDNN reads them. Inputs and results are channels-last. A residual is added in a pass of its own:
/// oneDNN's sums over a whole tensor take longer than the pass.
/// </summary>
internal sealed unsafe class FusedConvolution : IDisposable
{
    private static readonly Operator pack = new("mkldnn::_reorder_convolution_weight(Tensor self, int[] padding, int[] stride, " +
        "int[] dilation, int groups, int[]? input_size) -> Tensor");
    private static readonly byte[] empty = [0];

    private readonly Tensor weight;
    private readonly Tensor? bias;
    private readonly ConvolutionGeometry geometry;
    private readonly ConvolutionActivation activation;

    /// <summary>Packs the weights.</summary>
    /// <param name="weight">float32 [K, C / groups, kh, kw].</param>
    /// <param name="bias">float32 [K], or null.</param>
    /// <param name="geometry">How the kernel moves.</param>
    /// <param name="activation">What is applied to the result.</param>
    /// <param name="inputSize">The usual size of inputs, [N, C, H, W]; others are as correct.</param>
    public FusedConvolution(Tensor weight, Tensor? bias, ConvolutionGeometry geometry, ConvolutionActivation activation, long[] inputSize)
    {
        this.geometry = geometry;
        this.activation = activation;
        this.bias = bias?.contiguous().DetachFromDisposeScope();
        using Tensor contiguous = weight.contiguous();
        this.weight = pack.Call(contiguous, geometry.Padding, geometry.Stride, geometry.Dilation, geometry.Groups, inputSize)
            .DetachFromDisposeScope();
    }

    /// <summary>Convolves.</summary>
    /// <param name="x">float32 [N, C, H, W], channels-last.</param>
    /// <param name="residual">Added before the activation; of the result's shape, channels-last; may be null.</param>
    /// <returns>[N, K, H', W'], channels-last.</returns>
    public Tensor Call(Tensor x, Tensor? residual = null)
    {
        string? name = residual is null ? NameOf(activation) : null;
        bool isRelu6 = name is not null && activation == ConvolutionActivation.Relu6;
        nint biasHandle = bias?.Handle ?? 0, result;
        double zero = 0, six = 6;
        double** bounds = stackalloc double*[] { &zero, &six };
        int status;
        fixed (long* padding = geometry.Padding, stride = geometry.Stride, dilation = geometry.Dilation)
        fixed (byte* emptyText = empty)
        {
            byte* algorithm = emptyText;
            status = Shim.aoti_torch_cpu_mkldnn__convolution_pointwise(x.Handle, weight.Handle, bias is null ? null : &biasHandle, padding,
                2,
                stride, 2, dilation, 2, geometry.Groups, name ?? "none", isRelu6 ? bounds : null, isRelu6 ? 2 : 0, &algorithm,
                out result);
        }
        Shim.Check(status, "a fused convolution");
        Tensor y = TensorHandle.Own(result);
        if (residual is not null) ResidualAdd.Add(y, residual, activation == ConvolutionActivation.Relu);
        if (name is null && (residual is null || activation != ConvolutionActivation.Relu)) ActivationPass.Apply(y, activation);
        return y;
    }

    /// <summary>Frees the packed weights.</summary>
    public void Dispose()
    {
        weight.Dispose();
        bias?.Dispose();
    }

    // oneDNN's names, as libtorch maps them; null for what it does not map.
    private static string? NameOf(ConvolutionActivation activation) => activation switch
    {
        ConvolutionActivation.None => "none",
        ConvolutionActivation.Relu => "relu",
        ConvolutionActivation.Relu6 => "hardtanh",
        ConvolutionActivation.HardSwish => "hardswish",
        ConvolutionActivation.HardSigmoid => null,
        ConvolutionActivation.Silu => "swish",
        ConvolutionActivation.Sigmoid => "sigmoid",
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "No such activation."),
    };
}
