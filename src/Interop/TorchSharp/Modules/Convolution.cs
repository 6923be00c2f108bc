using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What the convolutions share: sizes, weights, and their initial values.</summary>
public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))] private Parameter? ownWeight;
    [ComponentName(Name = nameof(bias))] private Parameter? ownBias;

    private protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type,
        long[] dilation, bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype) : base(name)
    {
        if (in_channels % groups != 0 || out_channels % groups != 0)
            throw new ArgumentException($"A convolution of {in_channels} to {out_channels} channels cannot be divided into {groups} groups.", nameof(groups));
        this.in_channels = in_channels;
        this.out_channels = out_channels;
        this.kernel_size = kernel_size;
        this.stride = stride;
        this.padding = padding;
        this.padding_type = padding_type;
        this.dilation = dilation;
        this.transposed = transposed;
        this.output_padding = output_padding;
        this.groups = groups;
        this.padding_mode = padding_mode;

        (long first, long second) = transposed ? (in_channels, out_channels / groups) : (out_channels, in_channels / groups);
        weight = new Parameter(empty([first, second, .. kernel_size], dtype, device));
        this.bias = bias ? new Parameter(empty([out_channels], dtype, device)) : null;
        reset_parameters();
    }

    public long in_channels { get; }

    public long out_channels { get; }

    public long[] kernel_size { get; set; }

    public long[] stride { get; set; }

    public long[]? padding { get; }

    public Padding? padding_type { get; }

    public long[] dilation { get; set; }

    public bool transposed { get; }

    public long[] output_padding { get; set; }

    public long groups { get; set; }

    public PaddingModes padding_mode { get; set; }

    public Parameter weight
    {
        get => ownWeight!;
        set => ReplaceParameter(nameof(weight), ref ownWeight, value);
    }

    public Parameter? bias
    {
        get => ownBias;
        set => ReplaceParameter(nameof(bias), ref ownBias, value);
    }

    public void reset_parameters() => LinearWeights.Reset(weight, bias);
}
