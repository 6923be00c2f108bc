namespace Vision.Onnx;

/// <summary>How far an exported file is from the network that it was exported from (<see cref="OnnxVerification"/>).</summary>
public sealed record OnnxComparison
{
    /// <summary>Number of images that both predicted.</summary>
    public required int Images { get; init; }

    /// <summary>The largest difference of a class's probability, or of a score of objects that both found.</summary>
    public required double LargestDifference { get; init; }

    /// <summary>Detectors: the largest difference of a coordinate of objects that both found, in pixels; 0 for others.</summary>
    public required double LargestShift { get; init; }

    /// <summary>The fraction of images, pixels or objects that both give the same class, in [0, 1]; for objects, at the same
    /// place.</summary>
    public required double Agreement { get; init; }

    /// <summary>The median time for an image, preprocessing included, in milliseconds; that of the first image, in which memory is taken
    /// and code compiled, counts only if there is no other.</summary>
    public required (double Network, double File) Milliseconds { get; init; }

    /// <summary>What both reach on annotated images, by the name of the figure; empty without annotations.</summary>
    public IReadOnlyList<(string Name, double Network, double File)> Figures { get; init; } = [];
}
