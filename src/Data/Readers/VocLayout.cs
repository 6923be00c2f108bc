namespace Vision.Data;

/// <summary>The folder layout of a VOC data set.</summary>
/// <param name="Folder">The root folder.</param>
/// <param name="Splits">The splits, by name.</param>
internal sealed record VocLayout(string Folder, IReadOnlyDictionary<string, VocLayout.Part> Splits)
{
    /// <summary>What <see cref="Find"/> looks for, for messages.</summary>
    public const string LookedFor = "VOC (Annotations/*.xml with JPEGImages, or XML files next to their images)";

    private static readonly string[] annotationFolders = ["Annotations", "annotations"];
    private static readonly string[] imageFolders = ["JPEGImages", "images", "Images"];
    private static readonly string[] plainSplits = ["train", "val", "trainval", "test"];

    /// <summary>One split.</summary>
    /// <param name="AnnotationFolder">The folder of its XML files.</param>
    /// <param name="ImageFolders">The folders that may contain its images.</param>
    /// <param name="ListFile">The file that lists its images; null if every XML file belongs to it.</param>
    internal sealed record Part(string AnnotationFolder, IReadOnlyList<string> ImageFolders, string? ListFile)
    {
        /// <summary>Its annotation files, in a stable order; files named by a list may be missing.</summary>
        public IReadOnlyList<string> Files() => ListFile is null
            ? Xml(AnnotationFolder)
            // VOC's lists for a single class have a second column.
            : [.. File.ReadLines(ListFile)
                .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0)
                .Select(words => Path.Combine(AnnotationFolder, words[0] + ".xml"))];
    }

    /// <summary>The layout of a folder, or null if it is not VOC's. A single data set may be nested one or two levels deeper.</summary>
    /// <exception cref="InputException">The folder contains several data sets.</exception>
    public static VocLayout? Find(string folder)
    {
        if (Root(folder, place => AnnotationsOf(place) is not null) is { } root) return Standard(root);

        string[] own = Xml(folder).Length > 0
            ? [folder] : [.. Directory.EnumerateDirectories(folder).Where(child => Xml(child).Length > 0)];
        if (own.Length == 0) return null;
        return new(folder, own.ToDictionary(place => place == folder ? "all" : Path.GetFileName(place),
            place => new Part(place, ImagePlaces(folder, place), null)));
    }

    /// <summary>The folder that holds a data set: the folder itself or one up to two levels deeper, as in <c>VOCdevkit/VOC2012</c>; null if
    /// there is none.</summary>
    /// <exception cref="InputException">The folder contains several data sets.</exception>
    public static string? Root(string folder, Func<string, bool> holdsOne)
    {
        if (holdsOne(folder)) return folder;
        string[] deeper = [.. Directory.EnumerateDirectories(folder)
            .SelectMany(child => Directory.EnumerateDirectories(child).Prepend(child)).Where(holdsOne).Order(StringComparer.Ordinal)];
        if (deeper.Length > 1)
            throw new InputException(
                $"{folder}: holds several VOC data sets " +
                $"({string.Join(", ", deeper.Select(place => Path.GetRelativePath(folder, place)))}); give the folder of one.");
        return deeper.FirstOrDefault();
    }

    /// <summary>The possible file names of an image.</summary>
    public static IEnumerable<string> ImageNames(string stem) =>
        ImageFile.Extensions.Concat(ImageFile.Extensions.Select(extension => extension.ToUpperInvariant()))
            .Select(extension => stem + extension);

    /// <summary>The image of that name in a data set's folder; if there is none, the path that it would have.</summary>
    public static string ImageOf(string root, string stem)
    {
        string[] places = [.. imageFolders.Select(name => Path.Combine(root, name))];
        return places.SelectMany(place => ImageNames(stem).Select(name => Path.Combine(place, name))).FirstOrDefault(File.Exists)
            ?? Path.Combine(places[0], stem + ".jpg");
    }

    private static VocLayout? Standard(string folder)
    {
        if (AnnotationsOf(folder) is not { } annotations) return null;
        string sets = Path.Combine(folder, "ImageSets"), lists = Path.Combine(sets, "Main");
        if (!Directory.Exists(lists)) lists = Path.Combine(sets, "Segmentation");
        IReadOnlyList<string> images = ImagePlaces(folder, annotations);
        string[] files = Directory.Exists(lists)
            ? [.. Directory.EnumerateFiles(lists, "*.txt").Where(IsWholeSplit).Order(StringComparer.Ordinal)] : [];
        return new(folder, files.Length == 0
            ? new Dictionary<string, Part> { ["all"] = new(annotations, images, null) }
            : files.ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => new Part(annotations, images, file)));
    }

    private static string? AnnotationsOf(string folder) =>
        annotationFolders.Select(name => Path.Combine(folder, name))
            .FirstOrDefault(place => Directory.Exists(place) && Xml(place).Length > 0);

    // Excludes lists such as aeroplane_train.txt, which cover one class.
    private static bool IsWholeSplit(string file) =>
        !plainSplits.Any(split => Path.GetFileNameWithoutExtension(file).EndsWith("_" + split, StringComparison.Ordinal));

    private static IReadOnlyList<string> ImagePlaces(string folder, string annotations) =>
        [.. imageFolders.Select(name => Path.Combine(folder, name)).Where(Directory.Exists), annotations, folder];

    private static string[] Xml(string folder) => [.. Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal)];
}
