namespace Vision.Backbones;

/// <summary>The options of any backbone. A network that does not support a choice
/// throws an <see cref="ArgumentException"/>.</summary>
public sealed record BackboneOptions
{
    /// <summary>Number of classes: 1000 (ImageNet) as in published weights; 0 builds no classifier,
    /// for uses that only need the stages.</summary>
    public int NumClasses { get; init; } = 1000;

    /// <summary>The normalization; null for the one that the architecture was published with.</summary>
    public NormKind? Norm { get; init; }

    /// <summary>Channels of the images: 3 (RGB) as in published weights.</summary>
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
    /// The probability that training drops the last block's residual branch, in [0, 1); it grows linearly from 0 at the first block
    /// (Huang et al. 2016, arXiv:1603.09382). Null for the architecture's published rate.
    /// </summary>
    public double? StochasticDepth { get; init; }

    /// <summary>
    /// How many of the last stages have modulated deformable 3×3 convolutions (Zhu et al. 2018, arXiv:1811.11168): 0 for none, 3 for C3..C5
    /// as in the paper. They start as plain convolutions with halved weights. ResNets with bottleneck blocks only.
    /// </summary>
    public int DeformableStages { get; init; }

    /// <summary>The use that determines the stages and keys of a MobileNet. Other networks ignore it.</summary>
    public BackbonePurpose Purpose { get; init; } = BackbonePurpose.Classifier;

    /// <summary>Whether training keeps only the inputs of blocks and recomputes the rest in the backward pass (Chen et
    /// al. 2016, arXiv:1604.06174): less memory, a third more time.</summary>
    public bool Checkpointing { get; init; }

    /// <summary>
    /// Whether the blocks of the last stage are half as wide, which costs a detector little and makes it faster (Howard et al. 2019,
    /// arXiv:1905.02244, table 6). MobileNetV3 only; published classifier weights do not fit it.
    /// </summary>
    public bool ReducedTail { get; init; }
}
