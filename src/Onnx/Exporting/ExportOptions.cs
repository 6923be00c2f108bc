namespace Vision.Onnx;

/// <summary>How a model is exported.</summary>
public sealed record ExportOptions
{
    /// <summary>Whether existing files are replaced; by default that is refused.</summary>
    public bool Overwrite { get; init; }
}
