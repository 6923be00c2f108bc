using OpenCvSharp;

namespace Vision.Data;

/// <summary>What kind of image the toolkit works on.</summary>
internal static class ImageKind
{
    /// <exception cref="ArgumentException">The image is not of 8 bits and three channels.</exception>
    public static void RequireRgb8(this Mat image)
    {
        if (image.Type() != MatType.CV_8UC3)
            throw new ArgumentException(
                $"An 8-bit image of 3 channels (RGB) is expected; this one is {image.Type()}. ImageFile.Read gives such images.",
                nameof(image));
    }
}
