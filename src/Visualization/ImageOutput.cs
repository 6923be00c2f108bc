using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>Writes images to files.</summary>
public static class ImageOutput
{
    /// <summary>
    /// Writes an RGB image in the format of the file extension, creating the folder if needed. The file is either complete or absent.
    /// </summary>
    /// <param name="path">The file, such as "result.png" or "result.jpg".</param>
    /// <param name="image">RGB, 8 bits.</param>
    /// <exception cref="InputException">The extension is not that of an image format, or the file cannot be written.</exception>
    public static void Write(string path, Mat image)
    {
        image.RequireRgb8();
        using Mat bgr = new();
        Cv2.CvtColor(image, bgr, ColorConversionCodes.RGB2BGR);
        Write(path, Encode(path, bgr));
    }

    /// <summary>
    /// Writes a class map as a PNG file whose pixel values are the classes, with a palette to show them.
    /// The file is either complete or absent.
    /// </summary>
    /// <param name="path">The file, such as "mask.png".</param>
    /// <param name="map">The classes.</param>
    /// <param name="colors">The color of each class; null for Pascal VOC's, which distinguish 256 classes.</param>
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
            throw new InputException($"{path}: images cannot be written as '{ending}'; use a name that ends in .png or .jpg.",
                exception);
        }
    }
}
