using OpenCvSharp;

namespace Vision.Data;

/// <summary>An image of one class, read when it is needed.</summary>
public sealed record LabeledImage
{
    /// <summary>Its file, or the file and the record in it; messages say it.</summary>
    public required string Name { get; init; }

    /// <summary>Its class: the place among the data set's categories, from 0.</summary>
    public required int Label { get; init; }

    /// <summary>Reads it: 8-bit RGB, which the caller disposes. May be called from several threads at once, and throws an
    /// <see cref="InputException"/> where the file cannot be read any more.</summary>
    public required Func<Mat> Read { get; init; }
}
