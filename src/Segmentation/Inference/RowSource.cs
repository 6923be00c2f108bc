using OpenCvSharp;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// An image, or a probability map, whose rows are computed on demand, so that the whole never needs to be in memory.
/// </summary>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Rows">Returns rows: (first, count) → float32 [C, count, W].</param>
internal sealed record RowSource(int Height, int Width, Func<int, int, Tensor> Rows)
{
    private const int MostAtOnce = 512;

    /// <summary>The rows of an image [3, H, W], float32 in [0, 1] or uint8, on a device.</summary>
    public static RowSource Of(Tensor image, Device device) => new((int)image.shape[1], (int)image.shape[2], (first, count) =>
    {
        using var scope = NewDisposeScope();
        Tensor rows = image.narrow(1, first, count).to(device);
        return (rows.dtype == ScalarType.Byte ? rows / 255f : rows).MoveToOuterDisposeScope();
    });

    /// <summary>The rows of an 8-bit RGB image, on a device.</summary>
    public static RowSource Of(Mat image, Device device) => new(image.Rows, image.Cols, (first, count) =>
    {
        using var scope = NewDisposeScope();
        using Mat rows = image.RowRange(first, first + count);
        return ImageTensor.From(rows).to(device).MoveToOuterDisposeScope();
    });

    /// <summary>The horizontally flipped image.</summary>
    public RowSource Mirrored => this with { Rows = (first, count) => Rows(first, count).flip(2) };

    /// <summary>
    /// The same at another size, with the result that <see cref="Resampling.To(Tensor, long, long)"/> has for the whole.
    /// </summary>
    public RowSource Scaled(int height, int width)
    {
        if ((height, width) == (Height, Width)) return this;
        double step = (double)Height / height;
        int atOnce = (int)Math.Max(1, MostAtOnce / Math.Max(1, step));       // a large image that is scaled down is read in parts
        return new(height, width, (first, count) =>
        {
            using var scope = NewDisposeScope();
            Tensor[] parts = [.. Enumerable.Range(first, count).Chunk(atOnce).Select(rows => Part(rows[0], rows.Length))];
            return (parts.Length == 1 ? parts[0] : cat(parts, 1)).MoveToOuterDisposeScope();
        });

        Tensor Part(int first, int count)
        {
            using var scope = NewDisposeScope();
            double[] places = [.. Enumerable.Range(first, count).Select(y => Math.Clamp((y + 0.5) * step - 0.5, 0, Height - 1))];
            long[] above = [.. places.Select(place => (long)place)], below = [.. above.Select(y => Math.Min(y + 1, Height - 1))];
            Tensor share = tensor(places.Select((place, i) => (float)(place - above[i])).ToArray()).reshape(1, -1, 1);
            int start = (int)above[0];
            Tensor rows = Rows(start, (int)below[^1] + 1 - start);
            rows = Resampling.To(rows.unsqueeze(0), rows.shape[1], width)[0];
            return lerp(Picked(above), Picked(below), share.to(rows.device)).MoveToOuterDisposeScope();

            Tensor Picked(long[] wanted) => rows.index_select(1, tensor(wanted.Select(y => y - start).ToArray()).to(rows.device));
        }
    }
}
