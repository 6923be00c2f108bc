namespace Vision.Onnx;

/// <summary>The type that an exported network computes with. Its input and outputs are always float32.</summary>
public enum ExportPrecision
{
    /// <summary>Float32: outputs are those of the network up to rounding.</summary>
    Float32,

    /// <summary>Float16, but for norms and resizes: half the size, and faster on GPUs.</summary>
    Half,

    /// <summary>8-bit integers in convolutions and products, with ranges that are measured on images
    /// (<see cref="ExportOptions.Calibration"/>): a quarter of the size, and faster on many CPUs. Compare the accuracy before and
    /// after.</summary>
    Int8,
}
