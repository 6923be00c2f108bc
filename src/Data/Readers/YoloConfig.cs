using YamlDotNet.RepresentationModel;

namespace Vision.Data;

/// <summary>A YOLO data set's YAML file: the classes, and where the images of each split are.</summary>
/// <param name="File">Its path.</param>
/// <param name="Root">The folder that its paths are relative to; null if not given.</param>
/// <param name="Names">The classes by their numbers.</param>
/// <param name="Splits">For each split, folders of images or files that list them.</param>
/// <param name="SkipsUnlabeled">Whether images without a label file are left out; by default they are images without objects.</param>
internal sealed record YoloConfig(string File, string? Root, IReadOnlyDictionary<int, string> Names,
    IReadOnlyDictionary<string, string[]> Splits, bool SkipsUnlabeled)
{
    private static readonly string[] splitNames = ["train", "val", "test"];

    /// <summary>Reads a file; null if it is not a YOLO YAML file.</summary>
    /// <exception cref="InputException">It names classes and splits, but not as YOLO does.</exception>
    public static YoloConfig? Read(string file)
    {
        if (YamlFile.Load(file) is not { } root || YamlFile.Child(root, "names") is not { } names) return null;
        Dictionary<string, string[]> splits = [];
        foreach (string split in splitNames)
        {
            // Some tools write "valid".
            YamlNode? node = YamlFile.Child(root, split) ?? (split == "val" ? YamlFile.Child(root, "valid") : null);
            if (YamlFile.Texts(node) is { Length: > 0 } places) splits[split] = places;
        }
        if (splits.Count == 0) return null;
        return new(file, YamlFile.Text(YamlFile.Child(root, "path")), YamlFile.Classes(names, file), splits,
            YamlFile.Text(YamlFile.Child(root, "skip_if_label_file_missing")) is "true" or "True");
    }
}
