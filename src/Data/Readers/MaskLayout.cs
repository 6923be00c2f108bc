using YamlDotNet.RepresentationModel;

namespace Vision.Data;

/// <summary>The folder layout of a data set of images and masks.</summary>
/// <param name="Splits">The splits, by name.</param>
/// <param name="Classes">The classes, if the layout defines them.</param>
internal sealed record MaskLayout(IReadOnlyDictionary<string, MaskLayout.Part> Splits, ClassTable? Classes)
{
    /// <summary>What <see cref="Find"/> looks for, for messages.</summary>
    public const string LookedFor = "images and masks (images/train with masks/train, train/images with train/masks, train with " +
        "trainannot as CamVid has them, or images with masks)";

    private static readonly string[] imageNames = ["images", "image", "imgs", "img"];
    private static readonly string[] maskNames = ["masks", "mask", "labels", "annotations"];
    private static readonly string[] beside = ["annot", "_annot", "_masks", "_mask", "_labels", "_label"];
    private static readonly string[] splitNames = ["train", "val", "test"];

    /// <summary>One split: the folders of its images and of its masks.</summary>
    internal sealed record Part(string Images, string Masks);

    /// <summary>The layout of a folder, or null if it has another one.</summary>
    /// <exception cref="InputException">Its config.yaml names folders that do not exist.</exception>
    public static MaskLayout? Find(string folder)
    {
        if (OfConfig(folder) is { } said) return said;
        SortedDictionary<string, Part> splits = new(StringComparer.Ordinal);
        if (PairIn(folder) is { } pair)
        {
            foreach (string name in Children(pair.Images).Where(IsSplit))
            {
                Part part = new(Path.Combine(pair.Images, name), Path.Combine(pair.Masks, name));
                if (HoldMasks(part)) splits[name] = part;
            }
            if (splits.Count == 0) splits["all"] = pair;
        }
        foreach (string name in Children(folder).Where(IsSplit))
        {
            string place = Path.Combine(folder, name);
            if ((PairIn(place) ?? beside.Select(end => new Part(place, place + end)).FirstOrDefault(HoldMasks)) is { } part)
                splits[name] = part;
        }
        return splits.Count == 0 ? null : new(splits, null);
    }

    private static Part? PairIn(string folder)
    {
        string[] children = [.. Children(folder)];
        return (from images in Named(imageNames) from masks in Named(maskNames) select new Part(images, masks)).FirstOrDefault(HoldMasks);

        IEnumerable<string> Named(string[] names) =>
            names.SelectMany(name => children.Where(child => child.Equals(name, StringComparison.OrdinalIgnoreCase)))
                .Select(child => Path.Combine(folder, child));
    }

    /// <summary>Whether both folders contain images, directly or in subfolders of the same name.</summary>
    private static bool HoldMasks(Part part)
    {
        if (!Directory.Exists(part.Masks)) return false;
        if (HasPictures(part.Masks) && HasPictures(part.Images)) return true;
        return Children(part.Images).Any(name => HoldMasks(new(Path.Combine(part.Images, name), Path.Combine(part.Masks, name))));
    }

    private static bool HasPictures(string folder) => Directory.EnumerateFiles(folder).Any(ImageFile.HasImageName);

    private static bool IsSplit(string name) => splitNames.Any(split => name.StartsWith(split, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Children(string folder) =>
        Directory.EnumerateDirectories(folder).Select(place => Path.GetFileName(place)).Order(StringComparer.Ordinal);

    /// <summary>A config.yaml with folders of images and masks for each split, and the names of classes by their numbers.</summary>
    private static MaskLayout? OfConfig(string folder)
    {
        string file = Path.Combine(folder, "config.yaml");
        if (!File.Exists(file) || Root(file) is not { } root) return null;
        Dictionary<string, Part> splits = [];
        foreach (string split in splitNames)
        {
            if (YamlFile.Child(root, split) is not YamlMappingNode node
                || YamlFile.Text(YamlFile.Child(node, "images")) is not { } images
                || YamlFile.Text(YamlFile.Child(node, "masks")) is not { } masks) continue;
            Part part = new(Path.GetFullPath(Path.Combine(folder, images)), Path.GetFullPath(Path.Combine(folder, masks)));
            foreach (string place in new[] { part.Images, part.Masks })
                if (!Directory.Exists(place))
                    throw new InputException(
                        $"{file}: it names {place} for {split}, but there is no such folder; create it or correct the path.");
            splits[split] = part;
        }
        YamlNode? names = YamlFile.Child(root, "classes") ?? YamlFile.Child(root, "names");
        if (splits.Count == 0 || names is null) return null;
        // Masks cannot hold numbers that do not fit into a byte.
        return new(splits, new([.. YamlFile.Classes(names, file)
            .Where(entry => entry.Key <= byte.MaxValue)
            .Select(entry => new ClassTable.Entry((byte)entry.Key, entry.Value, null))]));
    }

    // A panoptic data set's config.yaml may not even be YAML, and is not for this reader.
    private static YamlMappingNode? Root(string file)
    {
        try
        {
            return YamlFile.Load(file);
        }
        catch (InputException)
        {
            return null;
        }
    }
}
