namespace Vision.Segmentation;

/// <summary>How the model sees an image in prediction. By default once, whole and as it is.</summary>
public sealed record SegmenterView
{
    /// <summary>The shorter side that an image is brought to first, in pixels: about that of training. Null leaves it as it is.</summary>
    public int? ShorterSide { get; init; }

    /// <summary>The model sees the image enlarged by each of these factors: 0.5, 0.75, 1, 1.25, 1.5
    /// and 1.75 are usual where time does not count.</summary>
    public IReadOnlyList<double> Scales { get; init; } = [1];

    /// <summary>Whether each is mirrored too.</summary>
    public bool Flip { get; init; }

    /// <summary>How they become one.</summary>
    public ViewFusion Fusion { get; init; } = ViewFusion.Mean;

    /// <summary>
    /// Side of the windows that a larger image is cut into, in pixels. Classes then need the memory of a stripe of about
    /// that height, whatever the image's. Null takes the whole image at once.
    /// </summary>
    public int? Window { get; init; }

    /// <summary>The part of a window that the next one sees again, in [0, 1): where they meet, they fade into each other.</summary>
    public double Overlap { get; init; } = 0.25;
}
