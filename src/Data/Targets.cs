namespace Vision.Data;

/// <summary>The ground truth of one image: its size and its annotated objects. An image without objects is a valid one.</summary>
public sealed record Targets
{
    /// <summary>The image's id in its data set.</summary>
    public required long ImageId { get; init; }

    /// <summary>The path of the image's file; messages name it.</summary>
    public required string File { get; init; }

    /// <summary>Width of the image in pixels, after EXIF orientation.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the image in pixels, after EXIF orientation.</summary>
    public required int Height { get; init; }

    /// <summary>The objects, crowds among them.</summary>
    public IReadOnlyList<Annotation> Objects { get; init; } = [];
}
