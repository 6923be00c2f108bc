namespace Vision.Segmentation;

/// <summary>How an image is fed to the model in prediction. By default once, whole and unscaled.</summary>
public sealed record SegmenterView
{
    /// <summary>The shorter side that an image is first resized to, in pixels: about that of training. Null keeps its size.</summary>
    public int? ShorterSide { get; init; }

    /// <summary>The model predicts the image scaled by each of these factors: 0.5, 0.75, 1, 1.25, 1.5
    /// and 1.75 are usual if time does not matter.</summary>
    public IReadOnlyList<double> Scales { get; init; } = [1];

    /// <summary>Whether each scale is also predicted flipped horizontally.</summary>
    public bool Flip { get; init; }

    /// <summary>How the predictions are fused.</summary>
    public ViewFusion Fusion { get; init; } = ViewFusion.Mean;

    /// <summary>
    /// Side of the windows that a larger image is divided into, in pixels. Memory is then needed only for a stripe of about
    /// that height, however tall the image is. Null predicts the whole image at once.
    /// </summary>
    public int? Window { get; init; }

    /// <summary>The fraction of a window that overlaps the next one, in [0, 1); overlapping predictions are blended.</summary>
    public double Overlap { get; init; } = 0.25;
}
