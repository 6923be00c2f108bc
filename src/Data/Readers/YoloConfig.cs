using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Vision.Data;

/// <summary>A YOLO data set's YAML file: the classes, and where the images of each split are.</summary>
/// <param name="File">Its path.</param>
/// <param name="Root">The folder that paths in it start from, as it says; null where it does not.</param>
/// <param name="Names">The classes by their numbers.</param>
/// <param name="Splits">For each split folders of images, or lists of their files.</param>
/// <param name="SkipsUnlabelled">Whether an image without a label file is no part of the data set; by default it is one without objects.</param>
internal sealed record YoloConfig(string File, string? Root, IReadOnlyDictionary<int, string> Names, IReadOnlyDictionary<string, string[]> Splits, bool SkipsUnlabelled)
{
    private static readonly string[] splitNames = ["train", "val", "test"];

    /// <summary>Reads a file; null where it is no YAML of YOLO's.</summary>
    /// <exception cref="InputException">It names classes and splits, but not as YOLO does.</exception>
    public static YoloConfig? Read(string file)
    {
        if (Load(file) is not { } root || Child(root, "names") is not { } names) return null;
        Dictionary<string, string[]> splits = [];
        foreach (string split in splitNames)
        {
            // "valid" is how some tools write it.
            YamlNode? node = Child(root, split) ?? (split == "val" ? Child(root, "valid") : null);
            if (Texts(node) is { Length: > 0 } places) splits[split] = places;
        }
        if (splits.Count == 0) return null;
        return new(file, Text(Child(root, "path")), Classes(names, file), splits, Text(Child(root, "skip_if_label_file_missing")) is "true" or "True");
    }

    private static YamlMappingNode? Load(string file)
    {
        try
        {
            using StreamReader reader = System.IO.File.OpenText(file);
            YamlStream stream = [];
            stream.Load(reader);
            return stream.Documents is [{ RootNode: YamlMappingNode root }, ..] ? root : null;
        }
        catch (YamlException exception)
        {
            throw new InputException($"{file}: not YAML, in line {exception.Start.Line}: {exception.Message.TrimEnd('.')}; correct it.", exception);
        }
        // The parser has this, too, for some unfinished lists.
        catch (InvalidOperationException exception)
        {
            throw new InputException($"{file}: not YAML, perhaps a bracket is not closed; correct it.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file}: cannot be read ({exception.Message}); check the file and its permissions.", exception);
        }
    }

    private static SortedDictionary<int, string> Classes(YamlNode node, string file)
    {
        SortedDictionary<int, string> classes = [];
        switch (node)
        {
            case YamlSequenceNode list:
                foreach (YamlNode name in list) classes.Add(classes.Count, Text(name) ?? throw Wrong($"name {classes.Count} is no text"));
                break;
            case YamlMappingNode map:
                foreach (var (key, name) in map)
                {
                    if (!int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out int number)) throw Wrong($"'{key}' is not the number of a class");
                    classes.Add(number, Text(name) ?? throw Wrong($"the name of class {number} is no text"));
                }
                break;
        }
        if (classes.Count == 0) throw Wrong("there is none");
        if (classes.Values.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice) throw Wrong($"two classes are called '{twice.Key}'");
        return classes;

        InputException Wrong(string what) => new($"{file}: names lists the classes as [cat, dog] or {{0: cat, 1: dog}}, but {what}; correct it.");
    }

    private static YamlNode? Child(YamlMappingNode node, string key) => node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? child) ? child : null;

    private static string? Text(YamlNode? node) => (node as YamlScalarNode)?.Value?.Trim() is { Length: > 0 } text ? text : null;

    private static string[] Texts(YamlNode? node) => node is YamlSequenceNode list ? [.. list.Select(Text).OfType<string>()] : Text(node) is { } text ? [text] : [];
}
