using static TorchSharp.torch;

namespace Vision.Ops.Suppression;

/// <summary>Checks the arguments of non-maximum suppression, on every device.</summary>
internal static class NmsChecks
{
    /// <summary>Checks dtypes, shapes and devices.</summary>
    /// <param name="boxes">Must be [N, 4], of a floating dtype.</param>
    /// <param name="scores">Must be [N], on the same device.</param>
    /// <param name="classes">Must be null, or int64 [N] on the same device.</param>
    /// <exception cref="ArgumentException">An argument violates these conditions.</exception>
    public static void Arguments(Tensor boxes, Tensor scores, Tensor? classes)
    {
        if (boxes.dim() != 2 || boxes.shape[1] != 4)
            throw Failure($"The boxes are {Shape(boxes)}; expected boxes [N, 4].", nameof(boxes));
        if (boxes.dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
            throw Failure($"The boxes are {boxes.dtype}; expected floating point.", nameof(boxes));
        long count = boxes.shape[0];
        if (scores.dim() != 1 || scores.shape[0] != count)
            throw Failure($"The scores are {Shape(scores)}; expected one score for each of the {count} boxes.", nameof(scores));
        if (!SameDevice(scores, boxes))
            throw Failure($"The scores are on {scores.device}; expected them with the boxes on {boxes.device}.", nameof(scores));
        if (classes is null) return;
        if (classes.dtype != ScalarType.Int64 || classes.dim() != 1 || classes.shape[0] != count)
        {
            string found = $"The classes are {classes.dtype} {Shape(classes)}";
            throw Failure($"{found}; expected one int64 class for each of the {count} boxes.", nameof(classes));
        }
        if (!SameDevice(classes, boxes))
            throw Failure($"The classes are on {classes.device}; expected them with the boxes on {boxes.device}.", nameof(classes));
    }

    private static ArgumentException Failure(string message, string argument) => new(message, argument);

    private static bool SameDevice(Tensor a, Tensor b) => a.device_type == b.device_type && a.device_index == b.device_index;

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
