using System.IO.Compression;
using System.Text.Json;

namespace Vision.Evaluation;

/// <summary>Files of <see cref="ImageResults"/>: JSON, compressed by gzip.</summary>
public static class ImageResultsFile
{
    private static readonly JsonSerializerOptions json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Writes the results; files are named relative to the folder that they have in common.</summary>
    public static void Write(Stream stream, ImageResults results)
    {
        using GZipStream zip = new(stream, CompressionLevel.Optimal, leaveOpen: true);
        JsonSerializer.Serialize(zip, results.InFolder(), json);
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InputException">It cannot be read, or is damaged.</exception>
    public static ImageResults Read(string path)
    {
        try
        {
            using GZipStream zip = new(File.OpenRead(path), CompressionMode.Decompress);
            ImageResults results = JsonSerializer.Deserialize<ImageResults>(zip, json) ?? throw new FormatException("it is empty");
            results.Validate();
            return results;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read ({e.Message}); check the file and its permissions.", e);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or FormatException or NotSupportedException)
        {
            throw new InputException($"{path}: these results of images are damaged ({e.Message}); delete the file, or train again.", e);
        }
    }
}
