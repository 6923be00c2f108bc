namespace Vision.Onnx;

/// <summary>The type that an exported network computes with. Its input and outputs are always float32.</summary>
public enum ExportPrecision
{
    /// <summary>Float32: outputs are those of the network up to rounding.</summary>
    Float32,

    /// <summary>Float16, but for norms and resizes: half the size, and faster on GPUs.</summary>
    Half,
}
