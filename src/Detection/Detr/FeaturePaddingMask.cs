using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Which cells of a feature map belong to the images, and which to the padding of the batch.</summary>
/// <param name="Valid">True where a cell belongs to its image: bool [N, h, w].</param>
/// <param name="HasPadding">Whether any cell is padding.</param>
internal sealed record FeaturePaddingMask(Tensor Valid, bool HasPadding)
{
    /// <summary>The cells of a batch's feature map. The pixel at its upper left corner decides whether a cell is padding.</summary>
    /// <param name="images">The images.</param>
    /// <param name="height">Height of the feature map.</param>
    /// <param name="width">Width of the feature map.</param>
    public static FeaturePaddingMask Of(ImageBatch images, int height, int width)
    {
        using var scope = NewDisposeScope();
        ImageSize padded = images.PaddedSize;
        long[] rows = [.. images.Sizes.Select(size => Covered(size.Height, padded.Height, height))];
        long[] columns = [.. images.Sizes.Select(size => Covered(size.Width, padded.Width, width))];
        Device device = images.Pixels.device;
        Tensor inRows = arange(height, device: device).lt(tensor(rows, device: device).unsqueeze(1));           // [N, h]
        Tensor inColumns = arange(width, device: device).lt(tensor(columns, device: device).unsqueeze(1));      // [N, w]
        Tensor valid = inRows.unsqueeze(2).logical_and(inColumns.unsqueeze(1));
        return new(valid.MoveToOuterDisposeScope(), rows.Any(count => count < height) || columns.Any(count => count < width));
    }

    private static long Covered(int size, int padded, int cells)
    {
        float step = (float)padded / cells;
        long covered = 0;
        while (covered < cells && (int)(covered * step) < size) covered++;
        return covered;
    }
}
