using OpenCvSharp;

namespace Vision.Data;

/// <summary>Cuts windows out of images.</summary>
internal static class Crop
{
    /// <summary>The window as an image of its own; black where it reaches over the border.</summary>
    public static Mat Padded(Mat image, int left, int top, int width, int height)
    {
        Mat window = new(height, width, MatType.CV_8UC3, new Scalar(0, 0, 0));
        int x1 = Math.Max(0, left), y1 = Math.Max(0, top), x2 = Math.Min(image.Cols, left + width), y2 = Math.Min(image.Rows, top + height);
        if (x2 <= x1 || y2 <= y1) return window;
        using Mat from = image[new Rect(x1, y1, x2 - x1, y2 - y1)];
        using Mat to = window[new Rect(x1 - left, y1 - top, x2 - x1, y2 - y1)];
        from.CopyTo(to);
        return window;
    }
}
