using Vision.Backbones;

namespace Vision.Segmentation;

/// <summary>The options of a segmenter.</summary>
public sealed record SegmenterOptions
{
    /// <summary>Number of classes. There is no background class unless the data set has one.</summary>
    public required int NumClasses { get; init; }

    /// <summary>A backbone (see <see cref="BackboneRegistry.Names"/>) that replaces the one in
    /// the model's name; null keeps the latter.</summary>
    public string? Backbone { get; init; }

    /// <summary>The normalization of the backbone; null for the one that its architecture was published with.</summary>
    public NormKind? Norm { get; init; }

    /// <summary>Stride of the backbone's last stage: 32, 16 or 8; null for the stride that the architecture was
    /// published with. A smaller stride is more accurate and slower.</summary>
    public int? OutputStride { get; init; }

    /// <summary>As <see cref="BackboneOptions.MultiGrid"/>: ResNets only.</summary>
    public IReadOnlyList<int>? MultiGrid { get; init; }

    /// <summary>Whether a second, plain head on an earlier stage is trained too, so that gradients reach the backbone directly (Zhao et
    /// al. 2016, arXiv:1612.01105). It costs nothing in prediction.</summary>
    public bool Auxiliary { get; init; } = true;

    /// <summary>Whether the 3×3 convolutions of the head are split into a depthwise and a pointwise convolution (Chen et al. 2018,
    /// arXiv:1802.02611): fewer products at nearly the same accuracy.</summary>
    public bool Separable { get; init; }

    /// <summary>As <see cref="BackboneOptions.Checkpointing"/>.</summary>
    public bool Checkpointing { get; init; }

    /// <summary>How many stages of the backbone, starting with the stem, are frozen: 0, since
    /// frozen random weights would be useless.</summary>
    public int FrozenStages { get; init; }

    /// <summary>The mean of each channel (R, G, B in [0, 1]): ImageNet's, as for published weights.</summary>
    public IReadOnlyList<float> ImageMean { get; init; } = [0.485f, 0.456f, 0.406f];

    /// <summary>The standard deviation of each channel (R, G, B in [0, 1]): ImageNet's, as for published weights.</summary>
    public IReadOnlyList<float> ImageStd { get; init; } = [0.229f, 0.224f, 0.225f];

    /// <summary>Whether the network runs in the channels-last memory format:
    /// faster, and equal except for the last digits.</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>The normalization of heads: batch normalization, which is never frozen
    /// there, or the backbone's group or layer normalization.</summary>
    internal NormKind HeadNorm => Norm is NormKind.GroupNorm or NormKind.LayerNorm2d ? Norm.Value : NormKind.BatchNorm;
}
