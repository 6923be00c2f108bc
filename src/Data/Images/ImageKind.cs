using OpenCvSharp;

namespace Vision.Data;

/// <summary>Checks that an image has the format that the toolkit works with.</summary>
internal static class ImageKind
{
    /// <exception cref="ArgumentException">The image does not have 8 bits and three channels.</exception>
    public static void RequireRgb8(this Mat image)
    {
        if (image.Type() != MatType.CV_8UC3)
            throw new ArgumentException(
                $"An 8-bit image of 3 channels (RGB) is expected; this one is {image.Type()}. ImageFile.Read returns such images.",
                nameof(image));
    }
}
