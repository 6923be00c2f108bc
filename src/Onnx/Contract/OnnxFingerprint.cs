using static TorchSharp.torch;

namespace Vision.Onnx;

/// <summary>
/// A small image with the outputs that the exported network computed for it. A program that gets others, up to
/// <see cref="Tolerance"/>, does not compute this network.
/// </summary>
/// <remarks>
/// The image [1, 3, <see cref="Height"/>, <see cref="Width"/>] is drawn by <c>state = state · 1664525 + 1013904223 mod 2³²</c>, starting at
/// <see cref="Seed"/>: for each channel, from top to bottom and from left to right, each square of <see cref="Block"/> pixels a side gets
/// the value <c>(state ≫ 24) / 255</c> of the next state. Squares at the right and bottom are cut off by the border.
/// </remarks>
public sealed record OnnxFingerprint
{
    /// <summary>Start of the image's random numbers.</summary>
    public required uint Seed { get; init; }

    /// <summary>Height of the image in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Width of the image in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Side of the squares of one color in pixels: 1 for noise.</summary>
    public required int Block { get; init; }

    /// <summary>What the outputs have to be.</summary>
    public required IReadOnlyList<OnnxExpected> Outputs { get; init; }

    /// <summary>The largest difference that rounding explains, in relation to the largest magnitude in an output, or to 1 if that is
    /// less.</summary>
    public required double Tolerance { get; init; }

    /// <summary>The image, float32 [1, 3, H, W] in [0, 1].</summary>
    public Tensor Image()
    {
        float[] pixels = new float[3 * Height * Width];
        int rows = (Height + Block - 1) / Block, columns = (Width + Block - 1) / Block;
        uint state = Seed;
        for (int channel = 0; channel < 3; channel++)
            for (int row = 0; row < rows; row++)
                for (int column = 0; column < columns; column++)
                {
                    state = unchecked(state * 1664525 + 1013904223);
                    for (int y = row * Block; y < Math.Min(Height, (row + 1) * Block); y++)
                        pixels.AsSpan((channel * Height + y) * Width)[(column * Block)..Math.Min(Width, (column + 1) * Block)]
                            .Fill((state >> 24) / 255f);
                }
        return tensor(pixels, [1, 3, Height, Width]);
    }

    /// <summary>The largest difference of outputs from the expected ones, as in <see cref="Tolerance"/>; infinite if one is
    /// missing or has another shape.</summary>
    /// <param name="outputs">The outputs for <see cref="Image"/>, by name.</param>
    public double DifferenceTo(IReadOnlyDictionary<string, Tensor> outputs) => Outputs.Max(expected =>
        outputs.TryGetValue(expected.Name, out Tensor? output) ? expected.DifferenceTo(output) : double.PositiveInfinity);
}
