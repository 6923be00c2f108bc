namespace Vision.Onnx;

/// <summary>How a model is exported.</summary>
public sealed record ExportOptions
{
    /// <summary>Whether existing files are replaced; by default that is refused.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The type that the network computes with.</summary>
    public ExportPrecision Precision { get; init; }

    /// <summary>For <see cref="ExportPrecision.Int8"/>: a folder of images like those that the network will see. Of more than 200, every so
    /// many are used.</summary>
    public string? Calibration { get; init; }
}
