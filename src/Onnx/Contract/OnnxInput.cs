using Vision.Backbones;

namespace Vision.Onnx;

/// <summary>What the input of an exported network means.</summary>
public sealed record OnnxInput
{
    /// <summary>The only input of every file, in ONNX's graph.</summary>
    public string Name { get; init; } = "image";

    /// <summary>Its shape in words, such as "[1, 3, height, width]".</summary>
    public required string Shape { get; init; }

    /// <summary>What its values are, and how an image has to be resized, in words.</summary>
    public required string Meaning { get; init; }

    /// <summary>Classifiers: how an image becomes the square that the network takes. Its mean and standard deviation are for
    /// information: the graph normalizes.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>Segmenters: the shorter side that an image is resized to, in pixels; null keeps its size.</summary>
    public int? ShorterSide { get; init; }
}
