using System.Numerics;

namespace Vision.Ops.RoiAlignment;

/// <summary>The pixels that bins read along one axis, with their weights: the banded matrices of pooling, one row per bin.</summary>
internal sealed unsafe class Taps<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly NativeList<Tap<T>> items = new();
    private readonly NativeList<long> starts = new();

    public Taps() => starts.Add(0);

    /// <summary>The taps of all bins, in the order of addition.</summary>
    public Tap<T>* Items => items.Items;

    /// <summary>The taps of the k-th bin that was added are [Starts[k], Starts[k + 1]).</summary>
    public long* Starts => starts.Items;

    /// <summary>Number of added bins.</summary>
    public long BinCount => starts.Count - 1;

    /// <summary>Adds one bin.</summary>
    /// <param name="axis">Its region's samples.</param>
    /// <param name="bin">The index of the bin in the region.</param>
    /// <param name="size">Number of pixels along the axis.</param>
    /// <param name="factor">A factor on all its weights.</param>
    public void AddBin(in RoiAxis<T> axis, long bin, long size, T factor)
    {
        int last = (int)size - 1;
        for (int sample = 0; sample < axis.Grid; sample++)
        {
            // A sample more than a pixel outside counts as zero; up to a pixel outside, it is moved to the border.
            // The comparison is written so that NaN counts as outside.
            T position = axis.Position(bin, sample);
            if (!(position >= -T.One && position <= T.CreateTruncating(size))) continue;
            if (position < T.Zero) position = T.Zero;
            int low = int.CreateTruncating(position);
            if (low >= last)
            {
                Add(last, factor);
                continue;
            }
            T highWeight = position - T.CreateTruncating(low);
            Add(low, (T.One - highWeight) * factor);
            if (highWeight != T.Zero) Add(low + 1, highWeight * factor);
        }
        starts.Add(items.Count);
    }

    /// <summary>Adds a region's transposed matrix: pixels take the role of bins, and bins that of pixels.</summary>
    /// <param name="source">The taps that contain the region.</param>
    /// <param name="firstBin">Its first bin.</param>
    /// <param name="bins">Its number of bins.</param>
    /// <param name="firstPixel">The first pixel that it covers.</param>
    /// <param name="pixels">The number of pixels that it covers.</param>
    public void AddTransposed(Taps<T> source, long firstBin, long bins, long firstPixel, long pixels)
    {
        long next = items.Count;
        items.Extend(source.Starts[firstBin + bins] - source.Starts[firstBin]);
        long* places = starts.Extend(pixels);
        for (long i = source.Starts[firstBin]; i < source.Starts[firstBin + bins]; i++) places[source.Items[i].Pixel - firstPixel]++;
        for (long pixel = 0; pixel < pixels; pixel++) (places[pixel], next) = (next, next + places[pixel]);
        // Once all taps of a pixel are stored, its next index is the start of the following pixel's taps.
        for (long bin = 0; bin < bins; bin++)
        {
            for (long i = source.Starts[firstBin + bin]; i < source.Starts[firstBin + bin + 1]; i++)
                items.Items[places[source.Items[i].Pixel - firstPixel]++] = new Tap<T>((int)bin, source.Items[i].Weight);
        }
    }

    public void Dispose()
    {
        items.Dispose();
        starts.Dispose();
    }

    /// <summary>The range of pixels that the bins in [begin, end) cover.</summary>
    /// <returns>The first pixel and the number of pixels; (0, 0) for none.</returns>
    public (long First, long Count) Pixels(long begin, long end)
    {
        if (starts.Items[begin] == starts.Items[end]) return (0, 0);
        int low = int.MaxValue, high = 0;
        for (Tap<T>* tap = items.Items + starts.Items[begin]; tap < items.Items + starts.Items[end]; tap++)
        {
            low = Math.Min(low, tap->Pixel);
            high = Math.Max(high, tap->Pixel);
        }
        return (low, high - low + 1);
    }

    // Neighboring samples share pixels: merging them here avoids reading a pixel twice for every channel.
    private void Add(int pixel, T weight)
    {
        long first = Math.Max(starts.Items[starts.Count - 1], items.Count - 2);
        for (long i = items.Count - 1; i >= first; i--)
        {
            if (items.Items[i].Pixel != pixel) continue;
            items.Items[i].Weight += weight;
            return;
        }
        items.Add(new Tap<T>(pixel, weight));
    }
}
