using static TorchSharp.torch;

namespace Vision.Ops.DeformableConvolution;

/// <summary>The sizes of a deformable convolution.</summary>
/// <param name="Images">N.</param>
/// <param name="Channels">C, channels of the input.</param>
/// <param name="Height">H, height of the input.</param>
/// <param name="Width">W, width of the input.</param>
/// <param name="Outputs">O, channels of the output.</param>
/// <param name="KernelHeight">kh.</param>
/// <param name="KernelWidth">kw.</param>
/// <param name="Stride">The stride.</param>
/// <param name="Padding">Zeros around the input.</param>
/// <param name="Dilation">The dilation.</param>
/// <param name="Groups">Number of groups of the convolution.</param>
/// <param name="OffsetGroups">G, number of groups of channels, each with its own offsets and mask.</param>
internal readonly record struct DeformConvGeometry(
    long Images, long Channels, long Height, long Width, long Outputs, long KernelHeight, long KernelWidth,
    long Stride, long Padding, long Dilation, long Groups, long OffsetGroups)
{
    /// <summary>K = kh·kw, the number of kernel taps.</summary>
    public long Places => KernelHeight * KernelWidth;

    /// <summary>Hₒ.</summary>
    public long OutHeight => OutSize(Height, KernelHeight);

    /// <summary>Wₒ.</summary>
    public long OutWidth => OutSize(Width, KernelWidth);

    /// <summary>P = Hₒ·Wₒ, the number of output positions.</summary>
    public long Positions => OutHeight * OutWidth;

    /// <summary>
    /// Infers the sizes from the tensors, and checks that they match. The parameters are those of <see cref="DeformConv.Conv2d"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The sizes do not match.</exception>
    public static DeformConvGeometry Of(
        Tensor input, Tensor offset, Tensor weight, Tensor? bias, Tensor? mask, long stride, long padding, long dilation)
    {
        Require(input.dim() == 4, input, nameof(input), "[N, C, H, W]");
        Require(weight.dim() == 4 && weight.numel() > 0, weight, nameof(weight), "[O, C/groups, kh, kw]");
        if (stride < 1 || padding < 0 || dilation < 1)
        {
            throw new ArgumentException(
                $"The stride is {stride}, the padding {padding}, the dilation {dilation}; expected at least 1, 0 and 1.", nameof(stride));
        }
        long channels = input.shape[1], perGroup = weight.shape[1], outputs = weight.shape[0], groups = channels / perGroup;
        Require(channels > 0 && channels % perGroup == 0, input, nameof(input), $"a multiple of the weight's {perGroup} channels");
        Require(outputs % groups == 0, weight, nameof(weight), $"as many outputs for each of the {groups} groups of channels");

        DeformConvGeometry sizes = new(
            input.shape[0], channels, input.shape[2], input.shape[3], outputs, weight.shape[2], weight.shape[3],
            stride, padding, dilation, groups, OffsetGroups: 1);
        (long leastHeight, long leastWidth) = (sizes.LeastSize(sizes.KernelHeight), sizes.LeastSize(sizes.KernelWidth));
        bool fits = sizes.Height >= leastHeight && sizes.Width >= leastWidth;
        Require(fits, input, nameof(input), $"{leastHeight} × {leastWidth} pixels or more");
        Require(sizes.Height * sizes.Width <= int.MaxValue, input, nameof(input), $"at most {int.MaxValue} pixels in an image");

        long[] places = [sizes.Images, 2 * sizes.Places, sizes.OutHeight, sizes.OutWidth];
        string expected = $"[{places[0]}, a multiple of {places[1]}, {places[2]}, {places[3]}]";
        Require(offset.dim() == 4, offset, nameof(offset), expected);
        sizes = sizes with { OffsetGroups = offset.shape[1] / places[1] };
        places[1] *= sizes.OffsetGroups;
        Require(sizes.OffsetGroups > 0 && offset.shape.SequenceEqual(places), offset, nameof(offset), expected);
        Require(channels % sizes.OffsetGroups == 0, offset, nameof(offset), $"for a number of groups that divides the {channels} channels");
        places[1] /= 2;
        if (mask is not null) Require(mask.shape.SequenceEqual(places), mask, nameof(mask), $"[{string.Join(", ", places)}]");
        if (bias is not null) Require(bias.shape.SequenceEqual([outputs]), bias, nameof(bias), $"[{outputs}]");

        Require(input.is_floating_point(), input, nameof(input), "floating point");
        string kind = Kind(input);
        RequireKind(offset, nameof(offset));
        RequireKind(weight, nameof(weight));
        RequireKind(bias, nameof(bias));
        RequireKind(mask, nameof(mask));
        return sizes;

        void RequireKind(Tensor? tensor, string name)
        {
            if (tensor is not null && Kind(tensor) != kind)
                throw new ArgumentException($"The {name} is {Kind(tensor)}; expected {kind}, as the input.", name);
        }

        static string Kind(Tensor tensor) => $"{tensor.dtype} on {tensor.device}";
    }

    private static void Require(bool condition, Tensor tensor, string name, string expected)
    {
        if (!condition)
            throw new ArgumentException($"The {name} is {tensor.dtype} [{string.Join(", ", tensor.shape)}]; expected {expected}.", name);
    }

    private long LeastSize(long kernel) => Math.Max(1, Dilation * (kernel - 1) + 1 - 2 * Padding);

    private long OutSize(long size, long kernel) => (size + 2 * Padding - Dilation * (kernel - 1) - 1) / Stride + 1;
}
