using OpenCvSharp;

namespace Vision.Data;

/// <summary>Reads image files: JPEG, PNG, BMP, TIFF, WebP and what else the installed OpenCV decodes.</summary>
public static class ImageFile
{
    private static readonly HashSet<string> extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp",
    };

    /// <summary>The endings of file names that are taken for images in folders, each with its dot.</summary>
    public static IReadOnlyCollection<string> Extensions => extensions;

    /// <summary>Whether the name ends like an image's.</summary>
    public static bool HasImageName(string path) => extensions.Contains(Path.GetExtension(path));

    /// <summary>The images directly in a folder, by name.</summary>
    /// <exception cref="InputException">There is no such folder, or no image in it.</exception>
    public static IReadOnlyList<string> InFolder(string folder)
    {
        if (!Directory.Exists(folder)) throw new InputException($"{folder}: no such folder; check the path.");
        string[] images = [.. Directory.EnumerateFiles(folder).Where(HasImageName).Order(StringComparer.Ordinal)];
        return images.Length > 0
            ? images
            : throw new InputException(
                $"{folder}: no images in this folder (looked for {string.Join(" ", extensions)}); give the folder that holds them.");
    }

    /// <summary>Decodes an image to 8-bit RGB, turned upright by its EXIF orientation.</summary>
    /// <remarks>Gray becomes RGB, 16 bits become 8, CMYK is converted, and an alpha channel is
    /// dropped. The caller disposes the image.</remarks>
    /// <exception cref="InputException">The file is missing, empty, cut short, or not an image.</exception>
    public static Mat Read(string path)
    {
        byte[] bytes = Open(path, File.ReadAllBytes);
        if (bytes.Length == 0) throw Empty(path);

        // OpenCV fills what a cut file lacks with gray and says nothing, so that is checked first.
        if ((JpegFile.IsJpeg(bytes) && !JpegFile.IsComplete(bytes)) || (PngFile.IsPng(bytes) && !PngFile.IsComplete(bytes)))
            throw new InputException(
                $"{path}: the image is cut short (it ends after {bytes.Length} bytes without its end marker); copy it again or take it out.");

        Mat image = Decode(path, bytes);
        Cv2.CvtColor(image, image, ColorConversionCodes.BGR2RGB);
        return image;
    }

    /// <summary>The size of an image after its EXIF orientation, in pixels: from the header alone for JPEG, PNG and BMP.</summary>
    /// <exception cref="InputException">The file is missing, empty, or not an image.</exception>
    public static (int Width, int Height) ReadSize(string path)
    {
        using (FileStream stream = Open(path, File.OpenRead))
        {
            if (stream.Length == 0) throw Empty(path);
            if (ImageHeader.ReadSize(stream) is { } size) return size;
        }
        using Mat image = Decode(path, Open(path, File.ReadAllBytes));
        return (image.Width, image.Height);
    }

    private static Mat Decode(string path, byte[] bytes)
    {
        try
        {
            Mat image = Cv2.ImDecode(bytes, ImreadModes.Color);
            if (!image.Empty()) return image;
            image.Dispose();
        }
        catch (OpenCVException exception)
        {
            throw NotAnImage(path, exception);
        }
        throw NotAnImage(path, null);
    }

    private static T Open<T>(string path, Func<string, T> open)
    {
        try
        {
            return open(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(Directory.Exists(path)
                ? $"{path}: this is a folder; give an image." : $"{path}: no such image; check the path.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                Directory.Exists(path) ? $"{path}: this is a folder; give an image."
                    : $"{path}: the image cannot be read ({exception.Message}); check the file and its permissions.", exception);
        }
    }

    private static InputException Empty(string path) => new($"{path}: the file is empty; copy it again or take it out.");

    private static InputException NotAnImage(string path, Exception? inner) =>
        new($"{path}: not an image that can be decoded (JPEG, PNG, BMP, TIFF or WebP is expected); convert it or take it out.", inner);
}
