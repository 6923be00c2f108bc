using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// A network's features as torchvision's detectors and segmenters use them: with the keys
/// <c>0.*</c>, <c>1.*</c>, …, and divided into stages for their purpose.
/// </summary>
internal sealed class NumberedFeatures : Backbone
{
    private readonly FeatureSequence sequence;

    /// <summary>Takes over the features of a network that is not used otherwise.</summary>
    public NumberedFeatures(FeatureSequence sequence, BackboneOptions options) : base(nameof(NumberedFeatures), options)
    {
        this.sequence = sequence;
        if (options.Purpose == BackbonePurpose.Segmenter) sequence.EndAtStrides();
        else sequence.SplitLastStage();
        Sequential layers = sequence.Layers;
        for (int i = 0; i < layers.Count; i++)
            register_module(i.ToString(System.Globalization.CultureInfo.InvariantCulture), (nn.Module)layers[i]);
    }

    /// <inheritdoc/>
    internal override string ClassifierPrefix => "features.";

    /// <inheritdoc/>
    public override IReadOnlyList<Stage> Stages => sequence.Stages;

    /// <inheritdoc/>
    protected override IEnumerable<nn.Module> StageModules(int stage) => sequence.Modules(stage);

    /// <inheritdoc/>
    protected override Tensor RunStage(int stage, Tensor x) => sequence.Run(stage, x, RunBlock);

    /// <summary>Pooled features [N, C] of images [N, 3, H, W].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return adaptive_avg_pool2d(forward_features(x, -1)[0], 1).flatten(1).MoveToOuterDisposeScope();
    }
}
