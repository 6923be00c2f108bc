namespace Vision.Detection;

/// <summary>The options of a region proposal network. The defaults are those of the
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

    /// <summary>The IoU above which the proposal with the lower score of two on a level is suppressed:
    /// high, since the second stage suppresses again.</summary>
    public double NmsThreshold { get; init; } = 0.7;

    /// <summary>The minimum objectness of a proposal, in [0, 1]: 0, so only the ranking decides.</summary>
    public double ScoreThreshold { get; init; }

    /// <summary>The minimum IoU with an object for a positive anchor.</summary>
    public double PositiveIou { get; init; } = 0.7;

    /// <summary>An anchor is negative below this IoU with every object; between the two thresholds it is ignored.</summary>
    public double NegativeIou { get; init; } = 0.3;

    /// <summary>The number of anchors per image that the losses are computed on.</summary>
    public int SamplesPerImage { get; init; } = 256;

    /// <summary>The maximum fraction of positives among them.</summary>
    public double PositiveFraction { get; init; } = 0.5;
}
