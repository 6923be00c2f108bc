using System.Runtime.InteropServices;
using OpenCvSharp;
using static TorchSharp.torch;

namespace Vision.Data;

/// <summary>Converts images to tensors and back.</summary>
public static class ImageTensor
{
    private static readonly float[] unit = [.. Enumerable.Range(0, 256).Select(value => value / 255f)];

    /// <summary>An 8-bit RGB image as a float32 tensor [3, H, W] in [0, 1].</summary>
    /// <exception cref="ArgumentException">The image does not have 8 bits and 3 channels.</exception>
    public static Tensor From(Mat image)
    {
        PixelRows rows = new(image);
        int height = rows.Height, width = rows.Width, plane = height * width;
        Tensor pixels = empty([3, height, width], ScalarType.Float32);
        Span<float> values = MemoryMarshal.Cast<byte, float>(pixels.bytes);
        ReadOnlySpan<float> scaled = unit;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = rows[y];
            Span<float> red = values.Slice(y * width, width),
                green = values.Slice(plane + y * width, width),
                blue = values.Slice(2 * plane + y * width, width);
            for (int x = 0; x < red.Length; x++)
            {
                ReadOnlySpan<byte> pixel = row.Slice(3 * x, 3);
                red[x] = scaled[pixel[0]];
                green[x] = scaled[pixel[1]];
                blue[x] = scaled[pixel[2]];
            }
        }
        return pixels;
    }

    /// <summary>An 8-bit RGB image as a uint8 tensor [3, H, W], which keeps the order of the image's memory: red, green and blue of each
    /// pixel.</summary>
    /// <exception cref="ArgumentException">The image does not have 8 bits and 3 channels.</exception>
    public static Tensor Bytes(Mat image)
    {
        PixelRows rows = new(image);
        int stride = 3 * rows.Width;
        using Tensor pixels = empty([rows.Height, rows.Width, 3], ScalarType.Byte);
        Span<byte> bytes = pixels.bytes;
        for (int y = 0; y < rows.Height; y++) rows[y].CopyTo(bytes.Slice(y * stride, stride));
        return pixels.permute(2, 0, 1);
    }

    /// <summary>A tensor [3, H, W] as an 8-bit RGB image: floats are clamped to [0, 1] and rounded to the nearest of 256 steps, and
    /// uint8 is kept.</summary>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public static Mat ToMat(Tensor pixels)
    {
        if (pixels.dim() != 3 || pixels.shape[0] != 3)
            throw new ArgumentException($"An image of shape [3, H, W] is expected; this tensor is [{string.Join(", ", pixels.shape)}].",
                nameof(pixels));

        using var scope = NewDisposeScope();
        int height = (int)pixels.shape[1], width = (int)pixels.shape[2], plane = height * width;
        Tensor unit = pixels.dtype == ScalarType.Byte ? pixels / 255f : pixels;
        Tensor host = unit.detach().to(ScalarType.Float32).cpu().contiguous();
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(host.bytes);
        Mat image = new(height, width, MatType.CV_8UC3);
        PixelRows rows = new(image);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = rows[y];
            for (int i = 0; i < row.Length; i++)
            {
                float value = values[i % 3 * plane + y * width + i / 3];
                row[i] = (byte)(Math.Clamp(value, 0f, 1f) * 255f + 0.5f);
            }
        }
        return image;
    }
}
