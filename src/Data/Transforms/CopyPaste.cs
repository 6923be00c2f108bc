using OpenCvSharp;

namespace Vision.Data;

/// <summary>
/// Copies random objects of another image and pastes them onto this one (Ghiasi et al. 2020, arXiv:2012.07177). Covered pixels are removed
/// from the segments below, and their boxes are updated; objects without segments are not pasted.
/// In class maps, pasted pixels keep their classes.
/// </summary>
public sealed record CopyPaste : ISampleMixing
{
    /// <summary>The probability of applying it, in [0, 1].</summary>
    public double Chance { get; init => field = Probability.Checked(value); } = 0.5;

    /// <summary>A transform applied to both images first: usually a <see cref="ScaleJitter"/>, a crop and a horizontal flip, so that both
    /// have the same size. None by default.</summary>
    public IImageTransform? Before { get; init; }

    /// <summary>The minimum fraction of a covered object that must remain visible, in [0, 1].</summary>
    public double MinVisible { get; init => field = Probability.Checked(value); } = 0.1;

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Func<Random, (Mat Image, Targets Targets)> draw, Random random)
    {
        if (Before is not null) (image, targets) = Before.Apply(image, targets, random);
        if (random.NextDouble() >= Chance) return (image, targets);

        (Mat other, Targets others) = draw(random);
        if (Before is not null) (other, others) = Before.Apply(other, others, random);
        (other, others) = ScaleJitter.Resized(other, others, image.Width, image.Height);
        using (other)
        {
            // Each object is taken with probability ½.
            Annotation[] pasted = [.. others.Objects.Where(item => item is { Segment: not null, IsCrowd: false } && random.Next(2) == 0)];
            if (pasted.Length == 0) return (image, targets);
            byte[] cover = new byte[image.Width * image.Height];
            foreach (Annotation item in pasted)
            {
                byte[] own = item.Segment!.ToMask(image.Width, image.Height).Decode();
                for (int i = 0; i < own.Length; i++) cover[i] |= own[i];
            }
            PixelRows rows = new(image), pastedRows = new(other);
            for (int y = 0; y < rows.Height; y++)
            {
                Span<byte> to = rows[y];
                ReadOnlySpan<byte> from = pastedRows[y], covered = cover.AsSpan(y * rows.Width, rows.Width);
                for (int x = 0; x < covered.Length; x++)
                    if (covered[x] != 0) from.Slice(3 * x, 3).CopyTo(to[(3 * x)..]);
            }
            return (image, targets with
            {
                Objects =
                [
                    .. targets.Objects.Select(item => Uncovered(item, cover, image.Width, image.Height)).OfType<Annotation>(),
                    .. pasted,
                ],
                Map = targets.Map is null || others.Map is null
                    ? null
                    : new(image.Width, image.Height,
                        [.. cover.Select((covered, i) => (covered != 0 ? others.Map : targets.Map).Classes[i])]),
            });
        }
    }

    /// <summary>The visible rest of an object; null if it is too small.</summary>
    private Annotation? Uncovered(Annotation item, byte[] cover, int width, int height)
    {
        Keypoint[]? points = item.Keypoints is null
            ? null
            : [.. item.Keypoints.Select(point => point.Visibility > 1 && IsCovered(point) ? point with { Visibility = 1 } : point)];
        if (item.Segment is null) return Seen(item.Box) < MinVisible ? null : item with { Keypoints = points };

        RleMask mask = item.Segment.ToMask(width, height);
        byte[] pixels = mask.Decode();
        long before = mask.Area, left = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            if (cover[i] != 0) pixels[i] = 0;
            left += pixels[i];
        }
        if (left == before) return item;
        if (left == 0 || left < MinVisible * before) return null;
        Segment rest = new() { Runs = RleMask.Encode(pixels, width, height) };
        return item with { Segment = rest, Box = SegmentTransform.Bounds(rest)!.Value, Area = item.Area * left / before,
            Keypoints = points };

        bool IsCovered(Keypoint point) =>
            cover[Math.Clamp((int)point.Y, 0, height - 1) * width + Math.Clamp((int)point.X, 0, width - 1)] != 0;

        double Seen(Box box)
        {
            long seen = 0, all = 0;
            for (int y = (int)box.Y1; y < Math.Min(height, (int)MathF.Ceiling(box.Y2)); y++)
                for (int x = (int)box.X1; x < Math.Min(width, (int)MathF.Ceiling(box.X2)); x++, all++)
                    if (cover[y * width + x] == 0) seen++;
            return all == 0 ? 1 : (double)seen / all;
        }
    }
}
