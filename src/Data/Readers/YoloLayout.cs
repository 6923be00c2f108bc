namespace Vision.Data;

/// <summary>The folder layout of a YOLO data set.</summary>
/// <param name="Classes">The classes by their numbers.</param>
/// <param name="Splits">The splits, by name.</param>
/// <param name="SkipsUnlabeled">Whether images without a label file are left out.</param>
internal sealed record YoloLayout(IReadOnlyDictionary<int, string> Classes, IReadOnlyDictionary<string, YoloLayout.Part> Splits,
    bool SkipsUnlabeled)
{
    /// <summary>What <see cref="Find"/> looks for, for messages.</summary>
    public const string LookedFor = "YOLO (data.yaml or config.yaml with names and train; or classes.txt with images and labels)";

    private static readonly string[] usualNames = ["data.yaml", "data.yml", "config.yaml", "config.yml", "dataset.yaml", "dataset.yml"];

    /// <summary>One split: each image with the possible paths of its label file.</summary>
    internal sealed record Part(Func<IReadOnlyList<(string Image, string[] Labels)>> Files);

    /// <summary>The layout of a folder, or null if it is not YOLO's.</summary>
    /// <exception cref="InputException">Its YAML file is damaged.</exception>
    public static YoloLayout? Find(string folder)
    {
        string[] files = [.. usualNames.Select(name => Path.Combine(folder, name)).Where(File.Exists)];
        // Any other name is accepted if it is the only YAML file.
        if (files.Length == 0 && Directory.EnumerateFiles(folder, "*.y*ml").Take(2).ToArray() is [string only]) files = [only];
        if (files.Select(YoloConfig.Read).OfType<YoloConfig>().FirstOrDefault() is { } config)
        {
            Dictionary<string, Part> listed = config.Splits.ToDictionary(split => split.Key,
                split => new Part(() => [.. split.Value.SelectMany(place => Files(config, folder, place))]));
            return new(config.Names, listed, config.SkipsUnlabeled);
        }

        string names = Path.Combine(folder, "classes.txt"), images = Path.Combine(folder, "images"),
            labels = Path.Combine(folder, "labels");
        if (!File.Exists(names) || !Directory.Exists(images) || !Directory.Exists(labels)
            || FolderScan.FilesBelow(labels).Any(ImageFile.HasImageName)) return null;
        string[] classes = [.. File.ReadLines(names).Select(line => line.Trim()).Where(line => line.Length > 0)];
        string[] splits = [.. Directory.EnumerateDirectories(images).Order(StringComparer.Ordinal)];
        return new(classes.Index().ToDictionary(entry => entry.Index, entry => entry.Item),
            splits.Length == 0
                ? new Dictionary<string, Part> { ["all"] = new(() => InFolder(images, labels)) }
                : splits.ToDictionary(
                    place => Path.GetFileName(place),
                    place => new Part(() => InFolder(place, Path.Combine(labels, Path.GetFileName(place))))),
            false);
    }

    private static IReadOnlyList<(string Image, string[] Labels)> Files(YoloConfig config, string folder, string place)
    {
        // Data sets get moved without updating their paths, so the folder itself and its parent are tried as well.
        string written = config.Root is null ? folder : Path.Combine(folder, config.Root);
        string plain = place;
        while (plain.StartsWith("../", StringComparison.Ordinal) || plain.StartsWith("./", StringComparison.Ordinal))
            plain = plain[(plain.IndexOf('/') + 1)..];
        string above = Path.GetDirectoryName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar)) ?? folder;
        string[] places =
            [Path.Combine(written, place), Path.Combine(folder, place), Path.Combine(folder, plain), Path.Combine(above, plain)];
        string[] tried = [.. places.Select(Path.GetFullPath).Distinct()];
        if (tried.FirstOrDefault(Path.Exists) is not { } found)
            throw new InputException(
                $"{config.File}: its images {place} were not found in {string.Join(", ", tried)}; put them there or correct the path.");
        // Labels lie next to the YAML file if the images belong to another data set.
        string labels = Path.Combine(folder, Labels(plain));
        return File.Exists(found) ? InList(found, folder) : InFolder(found, labels);
    }

    private static IReadOnlyList<(string Image, string[] Labels)> InFolder(string images, string labels) =>
    [
        .. FolderScan.FilesBelow(images).Where(ImageFile.HasImageName).Order(StringComparer.Ordinal).Select(image => (image, new[]
        {
            Path.ChangeExtension(Path.Combine(labels, Path.GetRelativePath(images, image)), ".txt"),
            Path.ChangeExtension(Labels(image), ".txt"), Path.ChangeExtension(image, ".txt"),
        })),
    ];

    private static IReadOnlyList<(string Image, string[] Labels)> InList(string list, string folder) =>
    [
        .. File.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0).Select(line =>
        {
            string beside = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(list)!, line));
            string image = File.Exists(beside) ? beside : Path.GetFullPath(Path.Combine(folder, line));
            return (image, new[] { Path.ChangeExtension(Labels(image), ".txt"), Path.ChangeExtension(image, ".txt") });
        }),
    ];

    /// <summary>The path with its last folder named images replaced by labels.</summary>
    private static string Labels(string path)
    {
        string[] parts = path.Split('/', '\\');
        int at = Array.LastIndexOf(parts, "images");
        if (at < 0) return path;
        parts[at] = "labels";
        return string.Join(Path.DirectorySeparatorChar, parts);
    }
}
