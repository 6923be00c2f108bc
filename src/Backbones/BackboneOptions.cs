namespace Vision.Backbones;

/// <summary>What can be chosen about any backbone.</summary>
public sealed record BackboneOptions
{
    /// <summary>Classes of the classifier: 1000, ImageNet's, as published weights have; 0 builds none, for a network that only needs the stages.</summary>
    public int NumClasses { get; init; } = 1000;

    /// <summary>The normalisation: batch normalisation, as all published weights were trained with.</summary>
    public NormKind Norm { get; init; } = NormKind.BatchNorm;
}
