using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Convolution;

/// <summary>
/// A convolution with constant weights on the CPU, with its bias, a sum and an activation in one pass of oneDNN's over the result. Its
/// weights are packed once, in the order in which oneDNN reads them. Inputs and results are channels-last.
/// </summary>
internal sealed unsafe class FusedConvolution : IDisposable
{
    private static readonly Operator pack = new("mkldnn::_reorder_convolution_weight(Tensor self, int[] padding, int[] stride, " +
        "int[] dilation, int groups, int[]? input_size) -> Tensor");
    private static readonly byte[] relu = "relu\0"u8.ToArray(), empty = [0];

    private readonly Tensor weight;
    private readonly Tensor? bias;
    private readonly ConvolutionGeometry geometry;
    private readonly Activation activation;

    /// <summary>Packs the weights.</summary>
    /// <param name="weight">float32 [K, C / groups, kh, kw].</param>
    /// <param name="bias">float32 [K], or null.</param>
    /// <param name="geometry">How the kernel moves.</param>
    /// <param name="activation">What is applied to the result.</param>
    /// <param name="inputSize">The usual size of inputs, [N, C, H, W]; others are as correct.</param>
    public FusedConvolution(Tensor weight, Tensor? bias, ConvolutionGeometry geometry, Activation activation, long[] inputSize)
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
    /// <param name="residual">Added before the activation, which is then none or ReLU; of the result's shape; may be null.</param>
    /// <returns>[N, K, H', W'], channels-last.</returns>
    public Tensor Call(Tensor x, Tensor? residual = null)
    {
        nint biasHandle = bias?.Handle ?? 0, result;
        nint* optionalBias = bias is null ? null : &biasHandle;
        double one = 1, zero = 0, six = 6;
        double** bounds = stackalloc double*[] { &zero, &six };
        int status;
        fixed (long* padding = geometry.Padding, stride = geometry.Stride, dilation = geometry.Dilation)
        fixed (byte* reluText = relu, emptyText = empty)
        {
            byte* algorithm = emptyText, unary = reluText;
            status = residual is null
                ? Shim.aoti_torch_cpu_mkldnn__convolution_pointwise(x.Handle, weight.Handle, optionalBias, padding, 2, stride, 2,
                    dilation, 2, geometry.Groups, NameOf(activation), activation == Activation.Relu6 ? bounds : null,
                    activation == Activation.Relu6 ? 2 : 0, &algorithm, out result)
                : Shim.aoti_torch_cpu_mkldnn__convolution_pointwise_binary(x.Handle, residual.Handle, weight.Handle, optionalBias, padding,
                    2, stride, 2, dilation, 2, geometry.Groups, "add", &one, activation == Activation.Relu ? &unary : null, null, 0,
                    &algorithm, out result);
        }
        Shim.Check(status, "a fused convolution");
        return TensorHandle.Own(result);
    }

    /// <summary>Frees the packed weights.</summary>
    public void Dispose()
    {
        weight.Dispose();
        bias?.Dispose();
    }

    // oneDNN's names, as libtorch maps them.
    private static string NameOf(Activation activation) => activation switch
    {
        Activation.None => "none",
        Activation.Relu => "relu",
        Activation.Relu6 => "hardtanh",
        Activation.HardSwish => "hardswish",
        Activation.Silu => "swish",
        Activation.Sigmoid => "sigmoid",
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "No such activation."),
    };
}
