using Vision.Ops;
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

    // Which of two objects comes first if their scores are closer is not defined.
    private const double LeastGap = 1e-5;

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
            int scores = names.ToList().IndexOf(ContractOf.Scores);
            double rows = scores < 0 ? 1 : Ordered(outputs[scores]);
            OnnxFingerprint made = image with
            {
                Outputs = [.. names.Select((name, i) => OnnxExpected.Of(name, outputs[i],
                    (int)(Math.Min(rows * outputs[i].numel(), Stable(outputs[i], disturbed[i], tolerance)))))],
            };
            if (seed == Seeds || made.Outputs.All(output => output.Values.Length > 0)) return made;
        }
    }

    /// <summary>The share of objects, from the first one on, whose place in the order is certain.</summary>
    private static double Ordered(Tensor scores)
    {
        float[] all = scores.ToHost<float>();
        int rows = 0;
        while (rows < all.Length - 1 && all[rows] - all[rows + 1] > LeastGap) rows++;
        return rows == all.Length - 1 ? 1 : (double)rows / Math.Max(1, all.Length);
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
