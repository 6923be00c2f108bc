using System.Numerics;
using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Reads keypoints from heat maps: the maximum after the map is resized to its
/// region by bicubic interpolation, as in torchvision.</summary>
internal static class HeatmapReader
{
    /// <summary>Torch's parameter of the cubic convolution.</summary>
    internal const float A = -0.75f;

    /// <summary>The detections with their keypoints. The heat maps come to the host in one transfer, and are read on all threads.</summary>
    /// <param name="found">The detections of each image.</param>
    /// <param name="heatmaps">Logits, [D, K, side, side], ordered by image.</param>
    /// <param name="images">The images.</param>
    public static Detections[] Read(DetectedRegions found, Tensor heatmaps, ImageBatch images)
    {
        using var scope = NewDisposeScope();
        Detections[] detections = found.ToDetections(images);
        int regions = (int)heatmaps.shape[0], count = (int)heatmaps.shape[1], side = (int)heatmaps.shape[2];
        float[] values = heatmaps.to(float32).ToHost<float>();
        float[] boxes = cat(found.Boxes).ToHost<float>();
        var keypoints = new Keypoint[regions][];
        Parallel.For(0, regions, i =>
            keypoints[i] = Read(values.AsSpan(i * count * side * side, count * side * side), side,
                new(boxes[4 * i], boxes[4 * i + 1], boxes[4 * i + 2], boxes[4 * i + 3])));

        int start = 0;
        return [.. detections.Select((own, i) =>
        {
            float scaleX = (float)images.OriginalSizes[i].Width / images.Sizes[i].Width;
            float scaleY = (float)images.OriginalSizes[i].Height / images.Sizes[i].Height;
            return own with
            {
                Keypoints = [.. keypoints[start..(start += own.Count)]
                    .Select(points => points.Select(point => point with { X = point.X * scaleX, Y = point.Y * scaleY }).ToArray())],
            };
        })];
    }

    /// <summary>The keypoints of one region, in pixels of its image, each with its logit as score.</summary>
    /// <param name="heatmaps">Logits, side × side per keypoint, ordered by keypoint and row.</param>
    /// <param name="side">Height and width of a heat map.</param>
    /// <param name="region">The region.</param>
    public static Keypoint[] Read(ReadOnlySpan<float> heatmaps, int side, Box region)
    {
        float width = Math.Max(region.Width, 1), height = Math.Max(region.Height, 1);
        int columns = (int)MathF.Ceiling(width), rows = (int)MathF.Ceiling(height);
        Taps[] across = TapsOf(side, columns), down = TapsOf(side, rows);
        var wide = new float[side * columns];                   // resized along the rows only
        var row = new float[columns];
        var keypoints = new Keypoint[heatmaps.Length / (side * side)];
        for (int k = 0; k < keypoints.Length; k++)
        {
            Widen(heatmaps.Slice(k * side * side, side * side), side, across, wide);
            float best = float.NegativeInfinity;
            int bestX = 0, bestY = 0;
            for (int y = 0; y < rows; y++)
            {
                Blend(wide, columns, down[y], row);
                for (int x = 0; x < row.Length; x++)
                    if (row[x] > best) (best, bestX, bestY) = (row[x], x, y);
            }
            keypoints[k] = new((bestX + 0.5f) * (width / columns) + region.X1, (bestY + 0.5f) * (height / rows) + region.Y1, best);
        }
        return keypoints;
    }

    private static void Widen(ReadOnlySpan<float> map, int side, Taps[] across, float[] wide)
    {
        for (int y = 0; y < side; y++)
        {
            ReadOnlySpan<float> from = map.Slice(y * side, side);
            Span<float> to = wide.AsSpan(y * across.Length, across.Length);
            for (int x = 0; x < to.Length; x++)
            {
                ref readonly Taps t = ref across[x];
                to[x] = from[t.I0] * t.W0 + from[t.I1] * t.W1 + from[t.I2] * t.W2 + from[t.I3] * t.W3;
            }
        }
    }

    private static void Blend(float[] wide, int columns, in Taps t, float[] row)
    {
        ReadOnlySpan<float> a = Row(t.I0), b = Row(t.I1), c = Row(t.I2), d = Row(t.I3);
        int x = 0;
        for (; x <= columns - Vector<float>.Count; x += Vector<float>.Count)
        {
            Vector<float> blend = new Vector<float>(a[x..]) * t.W0 + new Vector<float>(b[x..]) * t.W1
                + new Vector<float>(c[x..]) * t.W2 + new Vector<float>(d[x..]) * t.W3;
            blend.CopyTo(row, x);
        }
        for (; x < columns; x++) row[x] = a[x] * t.W0 + b[x] * t.W1 + c[x] * t.W2 + d[x] * t.W3;

        ReadOnlySpan<float> Row(int y) => wide.AsSpan(y * columns, columns);
    }

    private static Taps[] TapsOf(int size, int resized)
    {
        var taps = new Taps[resized];
        float scale = (float)size / resized;
        for (int i = 0; i < resized; i++)
        {
            float position = scale * (i + 0.5f) - 0.5f, floor = MathF.Floor(position), t = position - floor;
            int at = (int)floor;
            taps[i] = new(Bound(at - 1), Bound(at), Bound(at + 1), Bound(at + 2), Far(t + 1), Near(t), Near(1 - t), Far(2 - t));
        }
        return taps;

        int Bound(int index) => Math.Clamp(index, 0, size - 1);
    }

    private static float Near(float x) => ((A + 2) * x - (A + 3)) * x * x + 1;

    private static float Far(float x) => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;

    /// <summary>The four samples of an interpolated value and their weights.</summary>
    private readonly record struct Taps(int I0, int I1, int I2, int I3, float W0, float W1, float W2, float W3);
}
