using OpenCvSharp;
using Vision.Data;
using static TorchSharp.torch;
using Size = OpenCvSharp.Size;

namespace Vision.Visualization;

/// <summary>
/// Overlays a map of values on an image, such as objectness, attention or class activation.
/// Low values show the image, high values the heat.
/// </summary>
public static class HeatMapPainter
{
    private const int Shades = 256;

    // Low values have dark shades, which would only dim the image.
    private const float Strongest = 0.8f, VisibleFrom = 0.18f;

    /// <summary>Draws on an image, in place.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="map">[h, w], of any size: it is stretched over the image. NaN counts as the lowest value.</param>
    /// <param name="range">The values of the coldest and the hottest color; null for the map's minimum and maximum. Give a range to compare
    /// images, such as (0, 1) for probabilities.</param>
    /// <exception cref="ArgumentException">The map does not have two dimensions or is empty, or the range is empty.</exception>
    public static void Draw(Mat image, Tensor map, (float Low, float High)? range = null)
    {
        if (map.dim() != 2 || map.numel() == 0)
            throw new ArgumentException($"The map is [{string.Join(", ", map.shape)}]; expected [h, w], not empty.", nameof(map));
        if (range is { } given && !(given.Low < given.High))
            throw new ArgumentException($"The range is {given.Low} to {given.High}; expected an increasing one.", nameof(range));
        PixelRows rows = new(image);

        using Mat heat = Stretched(Units(map, range), (int)map.shape[0], (int)map.shape[1], image.Size());
        (Color Color, float Share)[] shades = [.. Enumerable.Range(0, Shades).Select(shade => Shade((float)shade / (Shades - 1)))];
        heat.GetArray(out float[] values);
        for (int y = 0, at = 0; y < rows.Height; y++)
        {
            Span<byte> row = rows[y];
            for (int x = 0; x < rows.Width; x++, at++)
            {
                var (color, share) = shades[(int)(Math.Clamp(values[at], 0, 1) * (Shades - 1) + 0.5f)];
                if (share > 0) color.BlendInto(row.Slice(3 * x, 3), share);
            }
        }
    }

    private static (Color, float) Shade(float value) =>
        (HeatColors.Of(value), Strongest * Math.Clamp((value - VisibleFrom) / (0.6f - VisibleFrom), 0, 1));

    /// <summary>The map's values in [0, 1], row by row.</summary>
    private static float[] Units(Tensor map, (float Low, float High)? range)
    {
        using var scope = NewDisposeScope();
        float[] values = map.detach().to(ScalarType.Float32).cpu().flatten().data<float>().ToArray();
        float[] numbers = [.. values.Where(float.IsFinite)];
        if (numbers.Length == 0) return new float[values.Length];
        var (low, high) = range ?? (numbers.Min(), numbers.Max());
        // A constant map has nothing to show.
        if (!(high > low)) return new float[values.Length];
        return [.. values.Select(value => float.IsNaN(value) ? 0 : Math.Clamp((value - low) / (high - low), 0, 1))];
    }

    private static Mat Stretched(float[] units, int height, int width, Size size)
    {
        using Mat small = Mat.FromPixelData(height, width, MatType.CV_32FC1, units);
        Mat large = new();
        // Cubic, since a coarse map would show its cells otherwise; overshoot is clamped later.
        Cv2.Resize(small, large, size, 0, 0, InterpolationFlags.Cubic);
        return large;
    }
}
