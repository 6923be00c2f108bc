namespace Vision.Backbones;

/// <summary>What can be chosen about any backbone. A network that cannot honor a choice
/// refuses it with an <see cref="ArgumentException"/>.</summary>
public sealed record BackboneOptions
{
    /// <summary>Classes of the classifier: 1000, ImageNet's, as published weights have; 0 builds
    /// none, for a network that only needs the stages.</summary>
    public int NumClasses { get; init; } = 1000;

    /// <summary>The normalization; null for the one that the architecture was published with.</summary>
    public NormKind? Norm { get; init; }

    /// <summary>Channels of the images: 3, RGB, as published weights have.</summary>
    public int InputChannels { get; init; } = 3;

    /// <summary>
    /// Stride of the last stage: 32, 16 or 8. Below 32, later stages keep the resolution and dilate their convolutions instead
    /// (Chen et al. 2017, arXiv:1706.05587), with the same weights.
    /// </summary>
    public int OutputStride { get; init; } = 32;

    /// <summary>Factors on the dilation of the last stage's blocks, one per block, such as
    /// (1, 2, 4); null for none. ResNets only.</summary>
    public IReadOnlyList<int>? MultiGrid { get; init; }

    /// <summary>
    /// How often the last block's residual branch is left out in training, growing linearly from the first block (Huang et al. 2016,
    /// arXiv:1603.09382): in [0, 1); null for the architecture's published rate.
    /// </summary>
    public double? StochasticDepth { get; init; }

    /// <summary>
    /// How many of the last stages have modulated deformable 3×3 convolutions (Zhu et al. 2018, arXiv:1811.11168): 0 for none, 3 for C3..C5
    /// as in the paper. They begin as plain ones with half the weights. ResNets of bottlenecks only.
    /// </summary>
    public int DeformableStages { get; init; }

    /// <summary>What a MobileNet is cut and named for. Other networks are the same for all.</summary>
    public BackbonePurpose Purpose { get; init; } = BackbonePurpose.Classifier;

    /// <summary>Whether training keeps only the inputs of blocks and computes the rest again in the backward pass (Chen et
    /// al. 2016, arXiv:1604.06174): less memory, a third more time.</summary>
    public bool Checkpointing { get; init; }

    /// <summary>
    /// Whether the blocks of the last stage are half as wide, which costs a detector little and makes it faster (Howard et al. 2019,
    /// arXiv:1905.02244, table 6). MobileNetV3 only; weights of the classifier do not fit it.
    /// </summary>
    public bool ReducedTail { get; init; }
}
