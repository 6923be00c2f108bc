using System.Numerics;

namespace Vision.Ops.RoiAlignment;

/// <summary>
/// The samples along one axis of one region, by torchvision's rules: <paramref name="Grid"/> samples in each bin, evenly spaced. The
/// samples of a region are the product of a row axis and a column axis.
/// </summary>
/// <param name="Start">The start of the first bin, in feature pixels.</param>
/// <param name="BinSize">The size of a bin, in feature pixels.</param>
/// <param name="Grid">Number of samples per bin; 0 or less if there are none.</param>
internal readonly record struct RoiAxis<T>(T Start, T BinSize, int Grid) where T : unmanaged, IFloatingPointIeee754<T>
{
    private static T Half => T.CreateTruncating(0.5);

    /// <summary>The axis from one side of a region to the other.</summary>
    /// <param name="low">The first side, in image pixels.</param>
    /// <param name="high">
    /// The other side. If it is the lower one, the region runs backwards, or is one feature pixel wide without <paramref name="aligned"/>.
    /// </param>
    /// <param name="scale">Feature pixels per image pixel.</param>
    /// <param name="bins">Number of bins along the axis.</param>
    /// <param name="samplingRatio">Samples per bin; 0 or less for about one per feature pixel.</param>
    /// <param name="aligned">Whether pixel centers are at half-integer coordinates.</param>
    public static RoiAxis<T> Of(T low, T high, T scale, long bins, long samplingRatio, bool aligned)
    {
        T offset = aligned ? Half : T.Zero;
        T start = low * scale - offset;
        T extent = high * scale - offset - start;
        if (!aligned && extent < T.One) extent = T.One;
        T binSize = extent / T.CreateTruncating(bins);
        int grid = samplingRatio > 0 ? int.CreateSaturating(samplingRatio) : int.CreateSaturating(T.Ceiling(binSize));
        return new RoiAxis<T>(start, binSize, grid);
    }

    /// <summary>The position of a sample of a bin, in feature pixels.</summary>
    public T Position(long bin, int sample) =>
        Start + T.CreateTruncating(bin) * BinSize + (T.CreateTruncating(sample) + Half) * BinSize / T.CreateTruncating(Grid);
}
