using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Vision.Onnx;

/// <summary>What an output has to be for the input of a fingerprint.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Values">Its values in row-major order as little-endian float32, in JSON as base64. It may be only the first ones, so that a
/// large output does not swell the file.</param>
public sealed record OnnxExpected(string Name, IReadOnlyList<long> Shape, byte[] Values)
{
    /// <summary>The first values of an output.</summary>
    /// <param name="name">The output's name.</param>
    /// <param name="output">Of any type and shape; integers must be below 2²⁴.</param>
    /// <param name="atMost">The largest number of values to keep.</param>
    public static OnnxExpected Of(string name, Tensor output, int atMost = int.MaxValue)
    {
        using var scope = NewDisposeScope();
        long kept = Math.Min(output.numel(), atMost);
        Tensor first = output.detach().to(ScalarType.Float32).cpu().reshape(-1).narrow(0, 0, kept).contiguous();
        return new(name, output.shape, first.bytes.ToArray());
    }

    /// <summary>The largest difference of an output from this, in relation to the largest expected magnitude, or to 1 if that is less;
    /// infinite if the shape is another or a value is not a number.</summary>
    /// <param name="output">Of any type.</param>
    public double DifferenceTo(Tensor output)
    {
        if (!output.shape.SequenceEqual(Shape)) return double.PositiveInfinity;
        ReadOnlySpan<float> expected = MemoryMarshal.Cast<byte, float>(Values);
        using var scope = NewDisposeScope();
        Tensor host = output.to(ScalarType.Float32).cpu().contiguous();
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(host.bytes);
        if (expected.Length > values.Length) return double.PositiveInfinity;
        double largest = 0, magnitude = 1;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)expected[i] - values[i]);
            largest = Math.Max(largest, double.IsNaN(difference) ? double.PositiveInfinity : difference);
            magnitude = Math.Max(magnitude, Math.Abs(expected[i]));
        }
        return largest / magnitude;
    }
}
