using OpenCvSharp;

namespace Vision.Data;

/// <summary>Crops and pastes images.</summary>
internal static class Crop
{
    /// <summary>The window as a new image, padded (with black by default) where it extends beyond the border.</summary>
    public static Mat Padded(Mat image, int left, int top, int width, int height, (byte Red, byte Green, byte Blue) fill = default)
    {
        Mat window = new(height, width, MatType.CV_8UC3, new Scalar(fill.Red, fill.Green, fill.Blue));
        Paste(image, window, -left, -top);
        return window;
    }

    /// <summary>Pastes an image onto another, clipped to it; negative offsets are allowed.</summary>
    public static void Paste(Mat image, Mat onto, int left, int top)
    {
        int x1 = Math.Max(0, left), y1 = Math.Max(0, top);
        int x2 = Math.Min(onto.Cols, left + image.Cols), y2 = Math.Min(onto.Rows, top + image.Rows);
        if (x2 <= x1 || y2 <= y1) return;
        using Mat from = image[new Rect(x1 - left, y1 - top, x2 - x1, y2 - y1)];
        using Mat to = onto[new Rect(x1, y1, x2 - x1, y2 - y1)];
        from.CopyTo(to);
    }
}
