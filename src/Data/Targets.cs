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

    /// <summary>The same objects after their image was scaled, mirrored or cut: boxes are moved, clipped to the new image, and dropped where nothing is left of them.</summary>
    /// <param name="width">Width of the new image in pixels.</param>
    /// <param name="height">Height of the new image in pixels.</param>
    /// <param name="move">Where a box of this image lies in the new one; it may reach outside.</param>
    /// <remarks>An object's area changes as its box's does.</remarks>
    public Targets Moved(int width, int height, Func<Box, Box> move)
    {
        List<Annotation> moved = new(Objects.Count);
        foreach (Annotation item in Objects)
        {
            Box box = move(item.Box).ClippedTo(width, height);
            if (box.Width > 0 && box.Height > 0) moved.Add(item with { Box = box, Area = item.Area * box.Area / item.Box.Area });
        }
        return this with { Width = width, Height = height, Objects = moved };
    }
}
