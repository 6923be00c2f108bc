using OpenCvSharp;

namespace Vision.Data;

/// <summary>Reads image files: JPEG, PNG, BMP, TIFF, WebP and whatever else the installed OpenCV decodes.</summary>
public static class ImageFile
{
    private static readonly HashSet<string> extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp",
    };

    /// <summary>The file name extensions that count as images in folders, each with its dot.</summary>
    public static IReadOnlyCollection<string> Extensions => extensions;

    /// <summary>Whether the file name has an image extension.</summary>
    public static bool HasImageName(string path) => extensions.Contains(Path.GetExtension(path));

    /// <summary>The images directly in a folder, ordered by name.</summary>
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

    /// <summary>Decodes an image to 8-bit RGB, rotated upright by its EXIF orientation.</summary>
    /// <remarks>Grayscale and CMYK images are converted, 16 bits are reduced to 8, and an alpha channel is dropped.
    /// The caller disposes the image.</remarks>
    /// <exception cref="InputException">The file is missing, empty, truncated, or not an image.</exception>
    public static Mat Read(string path)
    {
        byte[] bytes = Open(path, File.ReadAllBytes);
        if (bytes.Length == 0) throw Empty(path);

        // OpenCV silently fills the missing part of a truncated file with gray, so that is checked first.
        if ((JpegFile.IsJpeg(bytes) && !JpegFile.IsComplete(bytes)) || (PngFile.IsPng(bytes) && !PngFile.IsComplete(bytes)))
            throw new InputException(
                $"{path}: the image is truncated (it ends after {bytes.Length} bytes without its end marker); copy it again or remove it.");

        Mat image = Decode(path, bytes);
        Cv2.CvtColor(image, image, ColorConversionCodes.BGR2RGB);
        return image;
    }

    /// <summary>Decodes images like <see cref="Read"/>, one after another as they are requested.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="unreadable">Called with the reason for each file that cannot be read, which is left out; null to throw it.</param>
    /// <returns>Each file with its image, which the caller disposes.</returns>
    /// <exception cref="InputException">A file cannot be read.</exception>
    public static IEnumerable<(string File, Mat Image)> ReadAll(IEnumerable<string> paths, Action<InputException>? unreadable = null)
    {
        foreach (string path in paths)
        {
            Mat image;
            try
            {
                image = Read(path);
            }
            catch (InputException reason) when (unreadable is not null)
            {
                unreadable(reason);
                continue;
            }
            yield return (path, image);
        }
    }

    /// <summary>The size of an image after EXIF orientation, in pixels. For JPEG, PNG and BMP, only the header is read.</summary>
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

    private static InputException Empty(string path) => new($"{path}: the file is empty; copy it again or remove it.");

    private static InputException NotAnImage(string path, Exception? inner) =>
        new($"{path}: not an image that can be decoded (JPEG, PNG, BMP, TIFF or WebP is expected); convert it or remove it.", inner);
}
