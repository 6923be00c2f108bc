using OpenCvSharp;

namespace Vision.Data;

/// <summary>An image of one class, read when it is needed.</summary>
public sealed record LabeledImage
{
    /// <summary>Its file, or its file and record, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>Its class: the index in the data set's categories, starting at 0.</summary>
    public required int Label { get; init; }

    /// <summary>Reads it: 8-bit RGB, which the caller disposes. May be called from several threads at once, and throws an
    /// <see cref="InputException"/> if the file can no longer be read.</summary>
    public required Func<Mat> Read { get; init; }
}
