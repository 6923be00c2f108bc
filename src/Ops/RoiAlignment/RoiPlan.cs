using System.Numerics;

namespace Vision.Ops.RoiAlignment;

/// <summary>
/// The sampling of regions, computed once for all channels. The bilinear samples of a bin form a grid, so pooling is Wy · F ·
/// Wxᵀ with two small banded matrices for each region, stored as lists of pixels and weights.
/// </summary>
internal sealed unsafe class RoiPlan<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Plans the pooling of some regions.</summary>
    /// <param name="rois">[R, 5]: index of the image, then x1, y1, x2, y2 in image pixels; finite, and in images of the batch.</param>
    /// <param name="count">R.</param>
    /// <param name="shape">[N, C, H, W] of the features.</param>
    /// <param name="options">How regions are sampled.</param>
    public RoiPlan(T* rois, long count, ReadOnlySpan<long> shape, in RoiAlignOptions options)
    {
        (Images, Channels, Height, Width) = (shape[0], shape[1], shape[2], shape[3]);
        (OutHeight, OutWidth) = (options.OutHeight, options.OutWidth);
        ImageStarts = new long[Images + 1];
        for (long i = 0; i < count; i++) ImageStarts[long.CreateTruncating(rois[5 * i]) + 1]++;
        for (long image = 0; image < Images; image++) ImageStarts[image + 1] += ImageStarts[image];
        long[] next = ImageStarts[..^1];
        Regions = new RoiRegion[count];
        for (long i = 0; i < count; i++) AddRegion(i, rois + 5 * i, ref next[long.CreateTruncating(rois[5 * i])], options);
    }

    public long Images { get; }
    public long Channels { get; }
    public long Height { get; }
    public long Width { get; }
    public long OutHeight { get; }
    public long OutWidth { get; }

    /// <summary>Number of pixels of an image.</summary>
    public long Area => Height * Width;

    /// <summary>Number of bins of a region and channel.</summary>
    public long BinCount => OutHeight * OutWidth;

    /// <summary>The maximum <see cref="RoiRegion.Width"/>.</summary>
    public long GreatestWidth { get; private set; }

    /// <summary>The regions, ordered by image.</summary>
    public RoiRegion[] Regions { get; }

    /// <summary>[N + 1]: the regions of image n are [ImageStarts[n], ImageStarts[n + 1]).</summary>
    public long[] ImageStarts { get; }

    /// <summary>The rows' taps. Their weights include the division by the number of samples.</summary>
    public Taps<T> Rows { get; } = new();

    /// <summary>The columns' taps.</summary>
    public Taps<T> Columns { get; } = new();

    public void Dispose()
    {
        Rows.Dispose();
        Columns.Dispose();
    }

    private void AddRegion(long index, T* roi, ref long place, in RoiAlignOptions options)
    {
        T scale = T.CreateTruncating(options.SpatialScale);
        RoiAxis<T> x = RoiAxis<T>.Of(roi[1], roi[3], scale, OutWidth, options.SamplingRatio, options.Aligned);
        RoiAxis<T> y = RoiAxis<T>.Of(roi[2], roi[4], scale, OutHeight, options.SamplingRatio, options.Aligned);
        // A region without samples has no taps, and therefore the value zero.
        long samples = x.Grid > 0 && y.Grid > 0 ? (long)x.Grid * y.Grid : 1;
        T mean = T.One / T.CreateTruncating(samples);
        RoiRegion region = new()
        {
            Roi = index, Image = long.CreateTruncating(roi[0]), FirstRow = Rows.BinCount, FirstColumn = Columns.BinCount,
        };
        for (long bin = 0; bin < OutHeight; bin++) Rows.AddBin(y, bin, Height, mean);
        for (long bin = 0; bin < OutWidth; bin++) Columns.AddBin(x, bin, Width, T.One);
        (region.Top, region.Height) = Rows.Pixels(region.FirstRow, Rows.BinCount);
        (region.Left, region.Width) = Columns.Pixels(region.FirstColumn, Columns.BinCount);
        GreatestWidth = Math.Max(GreatestWidth, region.Width);
        Regions[place++] = region;
    }
}
