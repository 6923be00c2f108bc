namespace Vision.Detection;

/// <summary>What can be chosen about a region proposal network. The defaults are those of the
/// FPN paper's Faster R-CNN, as in torchvision.</summary>
public sealed record RpnOptions
{
    /// <summary>Anchors kept per level, by objectness, before suppression in training.</summary>
    public int TrainTopPerLevel { get; init; } = 2000;

    /// <summary>Anchors kept per level, by objectness, before suppression in prediction: fewer, for speed.</summary>
    public int PredictTopPerLevel { get; init; } = 1000;

    /// <summary>Proposals kept per image after suppression in training: many, so that the sampler finds negatives.</summary>
    public int TrainProposals { get; init; } = 2000;

    /// <summary>Proposals kept per image after suppression in prediction.</summary>
    public int PredictProposals { get; init; } = 1000;

    /// <summary>The IoU above which the less sure of two proposals of a level is suppressed:
    /// loose, since the second stage suppresses again.</summary>
    public double NmsThreshold { get; init; } = 0.7;

    /// <summary>The least objectness in [0, 1] of a proposal: 0, ranking alone decides.</summary>
    public double ScoreThreshold { get; init; }

    /// <summary>An anchor is positive from this IoU with an object on.</summary>
    public double PositiveIou { get; init; } = 0.7;

    /// <summary>An anchor is negative below this IoU with every object; between the two it is not trained on.</summary>
    public double NegativeIou { get; init; } = 0.3;

    /// <summary>Anchors per image that the losses are computed on.</summary>
    public int SamplesPerImage { get; init; } = 256;

    /// <summary>The largest share of positives among them.</summary>
    public double PositiveFraction { get; init; } = 0.5;
}
