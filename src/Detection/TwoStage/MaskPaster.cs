using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Pastes masks of fixed size into their boxes in the image (He et al. 2017, arXiv:1703.06870), as
/// torchvision does: bilinear, with a threshold of one half.</summary>
internal static class MaskPaster
{
    internal const float Threshold = 0.5f;

    /// <summary>How much larger a mask is with a border of zeros on both sides.</summary>
    internal const int Border = 2;

    /// <summary>The detections with their masks. The network's masks are copied to the host in one transfer;
    /// only pixels in a box are computed, on all threads.</summary>
    /// <param name="found">The detections of each image, in pixels of the original image.</param>
    /// <param name="probabilities">[D, side, side]: the mask of each detection's class, ordered by image.</param>
    /// <param name="sizes">The size of each original image.</param>
    public static Detections[] Paste(IReadOnlyList<Detections> found, Tensor probabilities, IReadOnlyList<ImageSize> sizes)
    {
        using var scope = NewDisposeScope();
        int side = (int)probabilities.shape[^1];
        float[] values = probabilities.to(float32).ToHost<float>();
        (Box Box, ImageSize Size)[] places = [.. found.SelectMany((detections, i) => detections.Boxes.Select(box => (box, sizes[i])))];
        var masks = new RleMask[places.Length];
        Parallel.For(0, places.Length, i =>
            masks[i] = Paste(values.AsSpan(i * side * side, side * side), side, places[i].Box, places[i].Size));

        int start = 0;
        return [.. found.Select(detections => detections with { Masks = masks[start..(start += detections.Count)] })];
    }

    /// <summary>Pastes one mask into an image.</summary>
    /// <param name="probabilities">side × side values in [0, 1], row by row.</param>
    /// <param name="side">Height and width of the mask.</param>
    /// <param name="box">The mask's box in the image.</param>
    /// <param name="image">The size of the image.</param>
    public static RleMask Paste(ReadOnlySpan<float> probabilities, int side, Box box, ImageSize image)
    {
        // A border of zeros, so that the mask falls off at the edges of its box; the box is enlarged accordingly.
        int padded = side + Border;
        float growth = (float)padded / side;
        var (left, width) = Grown(box.X1, box.X2, growth);
        var (top, height) = Grown(box.Y1, box.Y2, growth);
        var (columns, rows) = (Samples(left, width, image.Width, padded), Samples(top, height, image.Height, padded));
        int firstRow = Math.Clamp(top, 0, image.Height), belowRows = image.Height - firstRow - rows.Length;

        Runs runs = new();
        Span<float> column = stackalloc float[padded];
        runs.Add(false, (long)Math.Clamp(left, 0, image.Width) * image.Height);
        foreach (Sample x in columns)
        {
            column.Clear();
            for (int r = 0; r < side; r++)
            {
                ReadOnlySpan<float> row = probabilities.Slice(r * side, side);
                column[r + 1] = (1 - x.Weight) * At(row, x.Low) + x.Weight * At(row, x.High);
            }
            runs.Add(false, firstRow);
            foreach (Sample y in rows) runs.Add((1 - y.Weight) * column[y.Low] + y.Weight * column[y.High] > Threshold, 1);
            runs.Add(false, belowRows);
        }
        runs.Add(false, (long)image.Height * image.Width - runs.Total);
        return new(image.Width, image.Height, runs.ToArray());

        static float At(ReadOnlySpan<float> row, int padded) => padded == 0 || padded > row.Length ? 0 : row[padded - 1];
    }

    private static (int Start, int Length) Grown(float from, float to, float growth)
    {
        float half = (to - from) * 0.5f * growth, center = (to + from) * 0.5f;
        int start = (int)(center - half), end = (int)(center + half);
        return (start, Math.Max(end - start + 1, 1));
    }

    /// <summary>The mask samples, along one axis, of the image's pixels inside the box.</summary>
    private static Sample[] Samples(int start, int length, int limit, int size)
    {
        int first = Math.Max(start, 0), end = Math.Min(start + length, limit);
        if (end <= first) return [];
        float scale = (float)size / length;
        var samples = new Sample[end - first];
        for (int i = 0; i < samples.Length; i++)
        {
            float position = Math.Max(scale * (first + i - start + 0.5f) - 0.5f, 0);
            int low = Math.Min((int)position, size - 1);
            samples[i] = new(low, Math.Min(low + 1, size - 1), Math.Clamp(position - low, 0, 1));
        }
        return samples;
    }

    private readonly record struct Sample(int Low, int High, float Weight);

    /// <summary>Collects run lengths, starting outside the mask.</summary>
    private sealed class Runs
    {
        private readonly List<uint> counts = [];
        private bool inside;
        private uint run;

        public long Total { get; private set; }

        public void Add(bool value, long pixels)
        {
            if (pixels <= 0) return;
            Total += pixels;
            if (value != inside)
            {
                counts.Add(run);
                (run, inside) = (0, value);
            }
            run += (uint)pixels;
        }

        public uint[] ToArray() => [.. counts, run];
    }
}
