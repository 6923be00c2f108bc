using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>Draws an object's mask on an image: a translucent fill, which keeps the object visible, and a clear contour.</summary>
internal static class MaskOverlay
{
    private const float Fill = 0.42f, Contour = 0.95f, Full = 16;

    // Large objects such as a table get a lighter fill, since the objects on them matter more.
    private const float LargeFill = 0.12f;

    /// <summary>Draws on the image, in place.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="mask">The mask, in pixels of the image before enlargement.</param>
    /// <param name="enlargement">The factor by which the image is enlarged.</param>
    /// <param name="color">Color of fill and contour.</param>
    /// <param name="thickness">Thickness of the contour, which lies within the mask.</param>
    /// <exception cref="ArgumentException">The mask has a different size.</exception>
    public static void Draw(Mat image, RleMask mask, int enlargement, Color color, int thickness)
    {
        if (mask.Width * enlargement != image.Width || mask.Height * enlargement != image.Height)
            throw new ArgumentException(
                $"A mask belongs to an image of {mask.Width}×{mask.Height} pixels; this one has {image.Width / enlargement}×"
                + $"{image.Height / enlargement}. Draw on the model's input image.", nameof(mask));
        if (MaskCrop.From(mask, enlargement) is not { } crop) return;

        byte[] outer = crop.Coverage(), inner = crop.InnerCoverage(thickness);
        Rect place = crop.Place;
        float fill = Fill + (LargeFill - Fill) * MathF.Sqrt((float)mask.Area / ((long)mask.Width * mask.Height));
        int left = Math.Max(place.Left, 0), right = Math.Min(place.Right, image.Width), bottom = Math.Min(place.Bottom, image.Height);
        PixelRows rows = new(image);
        for (int y = Math.Max(place.Top, 0); y < bottom; y++)
        {
            Span<byte> row = rows[y];
            int at = (y - place.Top) * place.Width + left - place.Left;
            for (int x = left; x < right; x++, at++)
            {
                if (outer[at] == 0) continue;
                float share = (fill * inner[at] + Contour * (outer[at] - inner[at])) / Full;
                color.BlendInto(row.Slice(3 * x, 3), share);
            }
        }
    }
}
