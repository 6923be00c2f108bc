using System.Numerics;
using System.Runtime.CompilerServices;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.DeformableConvolution;

/// <summary>
/// The samples of a deformable convolution as the rows of a matrix, whose product with the weights is the output, and their gradients. In
/// float32 or float64, on the CPU. K = kh·kw is the number of kernel taps, P = Hₒ·Wₒ of positions, G of offset groups.
/// </summary>
internal static unsafe class DeformConvCpu
{
    private const long ElementsPerTask = 1 << 15;

    // A cache line of float32: threads should not write to the same one.
    private const int ChannelsPerTask = 16;

    /// <summary>Samples one band.</summary>
    /// <param name="pixels">[H·W, C], contiguous: the band's image.</param>
    /// <param name="offset">[N, 2·G·K, Hₒ, Wₒ], contiguous.</param>
    /// <param name="mask">[N, G·K, Hₒ, Wₒ], contiguous, or null.</param>
    /// <param name="geometry">The convolution.</param>
    /// <param name="band">The band.</param>
    /// <param name="columns">Receives [groups, positions of the band, K·C/groups].</param>
    public static void Columns(
        Tensor pixels, Tensor offset, Tensor? mask, DeformConvGeometry geometry, DeformConvBand band, Tensor columns)
    {
        if (pixels.dtype == float32) Columns<float>(pixels, offset, mask, geometry, band, columns);
        else Columns<double>(pixels, offset, mask, geometry, band, columns);
    }

    /// <summary>The gradients of one band.</summary>
    /// <param name="gradColumns">[groups, positions of the band, K·C/groups], contiguous.</param>
    /// <param name="pixels">As for <see cref="Columns(Tensor, Tensor, Tensor?, DeformConvGeometry, DeformConvBand, Tensor)"/>.</param>
    /// <param name="offset">Likewise.</param>
    /// <param name="mask">Likewise.</param>
    /// <param name="geometry">Likewise.</param>
    /// <param name="band">Likewise.</param>
    /// <param name="gradPixels">[H·W, C], contiguous: the band's part is added. Null if not needed, like the others.</param>
    /// <param name="gradOffset">[N, 2·G·K, Hₒ, Wₒ], contiguous: the band's part is written.</param>
    /// <param name="gradMask">[N, G·K, Hₒ, Wₒ], contiguous: the band's part is written.</param>
    public static void ColumnsBackward(
        Tensor gradColumns, Tensor pixels, Tensor offset, Tensor? mask, DeformConvGeometry geometry, DeformConvBand band,
        Tensor? gradPixels, Tensor? gradOffset, Tensor? gradMask)
    {
        if (pixels.dtype == float32)
            ColumnsBackward<float>(gradColumns, pixels, offset, mask, geometry, band, gradPixels, gradOffset, gradMask);
        else
            ColumnsBackward<double>(gradColumns, pixels, offset, mask, geometry, band, gradPixels, gradOffset, gradMask);
    }

    private static void Columns<T>(
        Tensor pixels, Tensor offset, Tensor? mask, DeformConvGeometry geometry, DeformConvBand band, Tensor columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Tensor outside = zeros(geometry.Channels, pixels.dtype);
        DeformConvSampler<T> sampler = new(
            geometry, band, pixels.Pointer<T>(), offset.Pointer<T>(), Pointer<T>(mask), outside.Pointer<T>());
        T* target = columns.Pointer<T>();
        ParallelLoop.For(band.Count, PositionsPerTask(geometry), (begin, end) => sampler.Columns((nint)begin, (nint)end, target));
    }

    private static void ColumnsBackward<T>(
        Tensor gradColumns, Tensor pixels, Tensor offset, Tensor? mask, DeformConvGeometry geometry, DeformConvBand band,
        Tensor? gradPixels, Tensor? gradOffset, Tensor? gradMask) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long samplesPerImage = geometry.OffsetGroups * geometry.Places * geometry.Positions;
        using Tensor outside = zeros(geometry.Channels, pixels.dtype);
        using Tensor table = empty(band.Count * geometry.Places * geometry.OffsetGroups * Unsafe.SizeOf<Sample<T>>(), uint8);
        DeformConvSampler<T> sampler = new(
            geometry, band, pixels.Pointer<T>(), offset.Pointer<T>(), Pointer<T>(mask), outside.Pointer<T>());
        T* columns = gradColumns.Pointer<T>(), pixelTarget = Pointer<T>(gradPixels);
        T* offsetTarget = OfImage(gradOffset, 2 * samplesPerImage), maskTarget = OfImage(gradMask, samplesPerImage);
        Sample<T>* samples = (Sample<T>*)table.Pointer<byte>();
        ParallelLoop.For(band.Count, PositionsPerTask(geometry), (begin, end) =>
            sampler.Slopes((nint)begin, (nint)end, columns, offsetTarget, maskTarget, samples));
        if (gradPixels is null) return;
        // Samples of different positions share pixels, so threads divide the channels.
        int channels = (int)geometry.Channels;
        ParallelLoop.For((channels + ChannelsPerTask - 1) / ChannelsPerTask, 1, (begin, end) =>
            sampler.Scatter((int)begin * ChannelsPerTask, Math.Min((int)end * ChannelsPerTask, channels), columns, samples, pixelTarget));

        T* OfImage(Tensor? tensor, long size) => tensor is null ? null : tensor.Pointer<T>() + (nint)(band.Image * size);
    }

    private static T* Pointer<T>(Tensor? tensor) where T : unmanaged => tensor is null ? null : tensor.Pointer<T>();

    private static long PositionsPerTask(DeformConvGeometry geometry) =>
        Math.Max(1, ElementsPerTask / (geometry.Places * geometry.Channels));
}
