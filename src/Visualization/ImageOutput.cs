using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>Writes images to files.</summary>
public static class ImageOutput
{
    /// <summary>
    /// Writes an RGB image in the format that the name's ending says, making its folder where there is none. The file is complete or not
    /// there.
    /// </summary>
    /// <param name="path">Such as "result.png" or "result.jpg".</param>
    /// <param name="image">RGB, 8 bits.</param>
    /// <exception cref="InputException">The ending is no image format's, or the file cannot be written.</exception>
    public static void Write(string path, Mat image)
    {
        image.RequireRgb8();
        using Mat bgr = new();
        Cv2.CvtColor(image, bgr, ColorConversionCodes.RGB2BGR);
        Write(path, Encode(path, bgr));
    }

    /// <summary>
    /// Writes classes of pixels as a PNG file whose values are the classes, and whose palette shows them. The file is complete or not
    /// there.
    /// </summary>
    /// <param name="path">Such as "mask.png".</param>
    /// <param name="map">The classes.</param>
    /// <param name="colors">The color of each class; null for Pascal VOC's, which tell 256 classes apart.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, SegmentationMap map, IReadOnlyList<(byte Red, byte Green, byte Blue)>? colors = null) =>
        Write(path, IndexPng.Encode(map.Classes, map.Width, map.Height, colors));

    private static void Write(string path, byte[] bytes)
    {
        string partial = path + ".partial";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllBytes(partial, bytes);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(partial)) File.Delete(partial);
            throw new InputException($"{path} cannot be written ({exception.Message}); choose another folder.", exception);
        }
    }

    private static byte[] Encode(string path, Mat bgr)
    {
        try
        {
            Cv2.ImEncode(Path.GetExtension(path), bgr, out byte[] bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is OpenCVException or ArgumentException)
        {
            string ending = Path.GetExtension(path);
            throw new InputException($"{path}: '{ending}' is no image format that can be written; end the name in .png or .jpg.",
                exception);
        }
    }
}
