using static TorchSharp.torch;

namespace Vision.Ops.Cuda;

/// <summary>
/// The samples of a deformable convolution and their gradients on CUDA. The last bits of the input's gradient differ from run to run.
/// </summary>
internal static class DeformConvCuda
{
    private const string File = "DeformConv.cu";

    // A thread computes a sample's position once for this many channels: enough to amortize it, but few enough to fill a GPU on small maps.
    private const long ChannelsPerThread = 8;

    /// <summary>Samples the input at the kernel's taps, shifted by the offsets.</summary>
    /// <param name="input">[N, C, H, W].</param>
    /// <param name="offset">[N, 2·G·kh·kw, Hₒ, Wₒ].</param>
    /// <param name="mask">[N, G·kh·kw, Hₒ, Wₒ], or null for 1.</param>
    /// <param name="kernelHeight">kh.</param>
    /// <param name="kernelWidth">kw.</param>
    /// <param name="stride">The stride.</param>
    /// <param name="padding">Zeros around the input.</param>
    /// <param name="dilation">The dilation.</param>
    /// <returns>[N, C·kh·kw, Hₒ·Wₒ], with the dtype of the input.</returns>
    public static Tensor Columns(
        Tensor input, Tensor offset, Tensor? mask, long kernelHeight, long kernelWidth, long stride, long padding, long dilation)
    {
        using var scope = NewDisposeScope();
        Problem problem = new(input, offset, mask, kernelHeight, kernelWidth, stride, padding, dilation);
        Tensor columns = empty(problem.ColumnShape, problem.Real, input.device);
        if (columns.numel() > 0)
        {
            CudaKernels.Runtime.Launch(
                problem.Source, "deform_columns", input.device, Grid.Over(problem.Steps), problem.Steps, problem.Samples, ChannelsPerThread,
                problem.Input, problem.Offset, problem.Mask, problem.Shape, columns);
        }
        return columns.to(input.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The gradients of the arguments of <see cref="Columns"/>.</summary>
    /// <param name="gradient">The gradient of the columns, [N, C·kh·kw, Hₒ·Wₒ].</param>
    /// <param name="input">As in <see cref="Columns"/>, like the other arguments.</param>
    /// <param name="offset">[N, 2·G·kh·kw, Hₒ, Wₒ].</param>
    /// <param name="mask">[N, G·kh·kw, Hₒ, Wₒ], or null.</param>
    /// <param name="kernelHeight">kh.</param>
    /// <param name="kernelWidth">kw.</param>
    /// <param name="stride">The stride.</param>
    /// <param name="padding">Zeros around the input.</param>
    /// <param name="dilation">The dilation.</param>
    /// <returns>Gradients with the shapes and dtypes of the arguments; null for a mask that is null.</returns>
    public static (Tensor Input, Tensor Offset, Tensor? Mask) ColumnsBackward(
        Tensor gradient, Tensor input, Tensor offset, Tensor? mask,
        long kernelHeight, long kernelWidth, long stride, long padding, long dilation)
    {
        using var scope = NewDisposeScope();
        Problem problem = new(input, offset, mask, kernelHeight, kernelWidth, stride, padding, dilation);
        Tensor upstream = gradient.to(problem.Real).contiguous();
        Device device = input.device;
        Tensor inputGradient = zeros(input.shape, problem.Real, device), offsetGradient = zeros(offset.shape, problem.Real, device);
        Tensor? maskGradient = mask is null ? null : zeros(mask.shape, problem.Real, device);
        if (upstream.numel() > 0)
        {
            CudaRuntime runtime = CudaKernels.Runtime;
            runtime.Launch(
                problem.Source, "deform_columns_backward_input", device, Grid.Over(problem.Steps), problem.Steps, problem.Samples,
                ChannelsPerThread, upstream, problem.Offset, problem.Mask, problem.Shape, inputGradient);
            runtime.Launch(
                problem.Source, "deform_columns_backward_offset", device, Grid.Over(problem.Samples), problem.Samples,
                upstream, problem.Input, problem.Offset, problem.Mask, problem.Shape, offsetGradient, maskGradient);
        }
        return (
            inputGradient.to(input.dtype).MoveToOuterDisposeScope(),
            offsetGradient.to(offset.dtype).MoveToOuterDisposeScope(),
            maskGradient?.to(mask!.dtype).MoveToOuterDisposeScope());
    }

    // The parameters of the kernels. Samples: one for each image, offset group, kernel tap and output pixel; Steps: how many
    // threads share them and their channels.
    private sealed class Problem
    {
        public Problem(
            Tensor input, Tensor offset, Tensor? mask, long kernelHeight, long kernelWidth, long stride, long padding, long dilation)
        {
            Real = KernelSource.RealOf(input);
            Input = input.to(Real).contiguous();
            Offset = offset.to(Real).contiguous();
            Mask = mask?.to(Real).contiguous();
            long images = input.shape[0], channels = input.shape[1], places = kernelHeight * kernelWidth;
            long groups = offset.shape[1] / (2 * places), outputs = offset.shape[2] * offset.shape[3];
            ColumnShape = [images, channels * places, outputs];
            Samples = images * groups * places * outputs;
            Steps = (channels / groups + ChannelsPerThread - 1) / ChannelsPerThread * Samples;
            Shape =
            [
                channels, input.shape[2], input.shape[3], kernelHeight, kernelWidth, stride, padding, dilation,
                groups, offset.shape[2], offset.shape[3],
            ];
            Source = KernelSource.For(File, Real, Math.Max(Math.Max(input.numel(), offset.numel()), images * channels * places * outputs));
        }

        public ScalarType Real { get; }

        public Tensor Input { get; }

        public Tensor Offset { get; }

        public Tensor? Mask { get; }

        public long[] ColumnShape { get; }

        public long[] Shape { get; }

        public long Samples { get; }

        public long Steps { get; }

        public KernelSource Source { get; }
    }
}
