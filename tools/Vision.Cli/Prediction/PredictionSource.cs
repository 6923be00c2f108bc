using System.Globalization;
using Vision.Data;

namespace Vision.Cli.Prediction;

/// <summary>The resolved <c>--source</c>: images, a camera or a video.</summary>
internal sealed record PredictionSource
{
    /// <summary>The source as given.</summary>
    public required string Path { get; init; }

    /// <summary>The image files; null for a camera or a video.</summary>
    public IReadOnlyList<string>? Images { get; private init; }

    /// <summary>The number of a camera.</summary>
    public int? Camera { get; private init; }

    /// <summary>The base name for results of a video or a camera.</summary>
    public string Name => Camera is { } camera
        ? string.Create(CultureInfo.InvariantCulture, $"camera-{camera}")
        : System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Resolves a source.</summary>
    /// <exception cref="InputException">There is no such source, or it is a folder without images.</exception>
    public static PredictionSource Of(string source)
    {
        PredictionSource result = new() { Path = source };
        if (Directory.Exists(source)) return result with { Images = ImageFile.InFolder(source) };
        if (File.Exists(source)) return ImageFile.HasImageName(source) ? result with { Images = [source] } : result;
        if (int.TryParse(source, NumberStyles.None, CultureInfo.InvariantCulture, out int camera)) return result with { Camera = camera };
        throw new InputException(
            $"--source {source}: there is no such file or folder. Give an image, a folder of images, a video, or a camera's number.");
    }

    /// <summary>Rejects images, which are not a sequence like the frames of a video.</summary>
    /// <param name="option">The option that needs frames, followed by a verb phrase for the message.</param>
    /// <exception cref="InputException">The source is an image or a folder of images.</exception>
    public void RequireFrames(string option)
    {
        if (Images is not null)
            throw new InputException(
                $"{option} a video or a camera's frames, but --source {Path} is " +
                $"{(Directory.Exists(Path) ? "a folder of images" : "an image")}: leave it out.");
    }

    /// <summary>Rejects an output folder in which results would overwrite the source.</summary>
    /// <exception cref="InputException">It is the source's own folder.</exception>
    public void RequireOther(DirectoryInfo output)
    {
        if (Camera is not null) return;
        string own = Directory.Exists(Path) ? Path : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        own = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(own));
        if (own == System.IO.Path.TrimEndingDirectorySeparator(output.FullName))
            throw new InputException(
                $"--out {output} is the folder of --source, whose files would be replaced by annotated ones: name another folder.");
    }
}
