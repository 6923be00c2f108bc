using static TorchSharp.torch;

namespace Vision.Ops.RoiAlignment;

/// <summary>
/// RoIAlign in plain tensor operators, with autograd's own gradient: the slow reference for testing the kernels,
/// and the fallback on devices without one.
/// </summary>
internal static class RoiAlignPortable
{
    // Limits the size of intermediate tensors: each has this many rows of C channels.
    private const long SamplesPerStep = 1 << 15;

    /// <inheritdoc cref="RoiAlign.Pool"/>
    public static Tensor Pool(
        Tensor features, Tensor rois, long outHeight, long outWidth, double spatialScale, long samplingRatio, bool aligned)
    {
        using var scope = NewDisposeScope();
        RoiAlignChecks.Arguments(features, rois, outHeight, outWidth);
        RoiAlignChecks.Regions(features, rois);
        (long channels, long height, long width) = (features.shape[1], features.shape[2], features.shape[3]);
        Tensor coordinates = rois.detach().to(features.dtype == float64 ? float64 : float32);

        // In the kernels' order of operations, so that a sample at the border rounds to the same side of it.
        Tensor corners = coordinates[.., 1..] * spatialScale - (aligned ? 0.5 : 0.0);   // [R, 4] xyxy, feature pixels
        Tensor starts = corners[.., ..2];
        Tensor extents = corners[.., 2..] - starts;                                     // [R, 2]
        if (!aligned) extents = extents.clamp_min(1);

        Tensor pixels = features.permute(0, 2, 3, 1).reshape(-1, channels);             // [N·H·W, C]
        Tensor output = zeros([rois.shape[0], channels, outHeight, outWidth], features.dtype, features.device);
        foreach (var (gridHeight, gridWidth, regions) in ByGrid(extents, outHeight, outWidth, samplingRatio))
        {
            long samples = outHeight * gridHeight * outWidth * gridWidth;
            foreach (long[] chunk in regions.Chunk((int)Math.Max(1, SamplesPerStep / samples)))
            {
                Tensor index = tensor(chunk, device: features.device);
                Tensor start = starts.index_select(0, index);
                Tensor extent = extents.index_select(0, index);
                AxisSamples rows = AxisSamples.Of(start[.., 1], extent[.., 1], outHeight, gridHeight, height);
                AxisSamples columns = AxisSamples.Of(start[.., 0], extent[.., 0], outWidth, gridWidth, width);
                Tensor firstPixel = coordinates.index_select(0, index)[.., 0].to(int64) * (height * width);  // [r]
                Tensor pooled = Interpolate(pixels, firstPixel, rows, columns, width)                // [r·samples, C]
                    .reshape(chunk.Length, outHeight, gridHeight, outWidth, gridWidth, channels)
                    .mean([2, 4])
                    .permute(0, 3, 1, 2);                                                            // [r, C, outHeight, outWidth]
                output.index_copy_(0, index, pooled);
            }
        }
        return output.MoveToOuterDisposeScope();
    }

    // Regions with equally many samples per bin are pooled together. Those without samples keep the value zero.
    private static IEnumerable<(long GridHeight, long GridWidth, long[] Regions)> ByGrid(
        Tensor extents, long outHeight, long outWidth, long samplingRatio)
    {
        int count = (int)extents.shape[0];
        if (samplingRatio > 0) return [(samplingRatio, samplingRatio, [.. Enumerable.Range(0, count).Select(i => (long)i)])];

        using var scope = NewDisposeScope();
        long[] grids = GridOf(1, outHeight);
        long[] gridWidths = GridOf(0, outWidth);
        return Enumerable.Range(0, count)
            .GroupBy(i => (Height: grids[i], Width: gridWidths[i]), i => (long)i)
            .Where(group => group.Key is { Height: > 0, Width: > 0 })
            .Select(group => (group.Key.Height, group.Key.Width, group.ToArray()));

        long[] GridOf(long axis, long bins) => (extents[.., axis] / bins).ceil().to(int64).ToHost<long>();
    }

    private static Tensor Interpolate(Tensor pixels, Tensor firstPixel, AxisSamples rows, AxisSamples columns, long width)
    {
        return Corner(rows.Low, rows.LowWeight, columns.Low, columns.LowWeight)
            + Corner(rows.Low, rows.LowWeight, columns.High, columns.HighWeight)
            + Corner(rows.High, rows.HighWeight, columns.Low, columns.LowWeight)
            + Corner(rows.High, rows.HighWeight, columns.High, columns.HighWeight);

        Tensor Corner(Tensor y, Tensor yWeight, Tensor x, Tensor xWeight)
        {
            Tensor index = firstPixel.reshape(-1, 1, 1) + y.unsqueeze(2) * width + x.unsqueeze(1);  // [r, rows, columns]
            Tensor weight = (yWeight.unsqueeze(2) * xWeight.unsqueeze(1)).to(pixels.dtype);
            return pixels.index_select(0, index.flatten()) * weight.reshape(-1, 1);
        }
    }
}
