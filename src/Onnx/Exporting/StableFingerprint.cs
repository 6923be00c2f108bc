using static TorchSharp.torch;

namespace Vision.Onnx.Exporting;

/// <summary>
/// Makes fingerprints that rounding does not change. The outputs of a detector are not continuous: rounding can swap two objects, or lose
/// one. Therefore only what an almost equal image results in as well is expected.
/// </summary>
internal static class StableFingerprint
{
    // A fingerprint must be small, and yet see the whole network.
    private const int Side = 96, Block = 8, MostValues = 4096;

    // How much of another image is mixed in: more than rounding, less than a reader tolerates.
    private const double Disturbance = 1e-4;

    private const uint Seeds = 8;

    /// <summary>The fingerprint of the first of some images for which every output has values that are stable; if there is none, of the
    /// last one.</summary>
    /// <param name="names">The outputs.</param>
    /// <param name="compute">Computes them for an image [1, 3, H, W].</param>
    /// <param name="tolerance">The largest difference that a reader tolerates.</param>
    public static OnnxFingerprint Of(IReadOnlyList<string> names, Func<Tensor, Tensor[]> compute, double tolerance)
    {
        using var noGradient = inference_mode();
        for (uint seed = 1; ; seed++)
        {
            using var scope = NewDisposeScope();
            OnnxFingerprint image = new()
            {
                Seed = seed, Height = Side, Width = Side, Block = Block, Tolerance = tolerance, Outputs = [],
            };
            Tensor pixels = image.Image(), other = (image with { Seed = seed + Seeds }).Image();
            Tensor[] outputs = compute(pixels), disturbed = compute(pixels + Disturbance * (other - pixels));
            OnnxFingerprint made = image with
            {
                Outputs = [.. names.Select((name, i) => OnnxExpected.Of(name, outputs[i], Stable(outputs[i], disturbed[i], tolerance)))],
            };
            if (seed == Seeds || made.Outputs.All(output => output.Values.Length > 0)) return made;
        }
    }

    /// <summary>How many values, from the first one on, are equal in a reader's eyes.</summary>
    private static int Stable(Tensor output, Tensor disturbed, double tolerance)
    {
        if (output.numel() == 0 || !output.shape.SequenceEqual(disturbed.shape)) return 0;
        Tensor values = output.to(ScalarType.Float32).flatten(), others = disturbed.to(ScalarType.Float32).flatten();
        Tensor moved = (values - others).abs().gt(tolerance * Math.Max(1, values.abs().max().item<float>()));
        long first = moved.any().item<bool>() ? moved.to(ScalarType.Byte).argmax().item<long>() : moved.numel();
        return (int)Math.Min(first, MostValues);
    }
}
