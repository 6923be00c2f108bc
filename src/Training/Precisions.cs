using TorchSharp;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>The effect of <see cref="TrainingPrecision"/>.</summary>
internal static class Precisions
{
    /// <summary>Computes in a precision until the result is disposed; null for float32, in which everything computes anyway.</summary>
    public static Autocast? Begin(this TrainingPrecision precision, DeviceType device) => precision switch
    {
        TrainingPrecision.BFloat16 => new(device, ScalarType.BFloat16),
        TrainingPrecision.Float16 => new(device, ScalarType.Float16),
        _ => null,
    };
}
