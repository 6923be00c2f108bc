using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A normalisation with scale, shift and running statistics.</summary>
public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))] private Parameter? ownWeight;
    [ComponentName(Name = nameof(bias))] private Parameter? ownBias;
    [ComponentName(Name = nameof(running_mean))] private Tensor? ownMean;
    [ComponentName(Name = nameof(running_var))] private Tensor? ownVariance;
    [ComponentName(Name = nameof(num_batches_tracked))] private Tensor? ownCount;

    private protected NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name) : base(name)
    {
        this.num_features = num_features;
        this.eps = eps;
        this.momentum = momentum;
        this.affine = affine;
        this.track_running_stats = track_running_stats;
        if (affine)
        {
            weight = new Parameter(ones([num_features], dtype, device));
            bias = new Parameter(zeros([num_features], dtype, device));
        }
        if (track_running_stats)
        {
            running_mean = zeros([num_features], dtype, device);
            running_var = ones([num_features], dtype, device);
            num_batches_tracked = zeros([], ScalarType.Int64, device);
        }
    }

    public long num_features { get; }

    public double eps { get; set; }

    /// <summary>The weight of the newest batch in the running statistics; null weighs all batches alike.</summary>
    public double? momentum { get; set; }

    public bool affine { get; }

    public bool track_running_stats { get; }

    /// <summary>The scale. Null, whatever its type says, where the module is not affine.</summary>
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

    public Tensor? running_mean
    {
        get => ownMean;
        set => ReplaceBuffer(nameof(running_mean), ref ownMean, value);
    }

    public Tensor? running_var
    {
        get => ownVariance;
        set => ReplaceBuffer(nameof(running_var), ref ownVariance, value);
    }

    public Tensor? num_batches_tracked
    {
        get => ownCount;
        set => ReplaceBuffer(nameof(num_batches_tracked), ref ownCount, value);
    }

    public void reset_running_stats()
    {
        if (!track_running_stats)
            return;
        nn.init.zeros_(ownMean!);
        nn.init.ones_(ownVariance!);
        nn.init.zeros_(ownCount!);
    }

    public void reset_parameters()
    {
        reset_running_stats();
        if (!affine)
            return;
        nn.init.ones_(ownWeight!);
        nn.init.zeros_(ownBias!);
    }
}
