using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Vision.Data;

/// <summary>YAML files that describe data sets.</summary>
internal static class YamlFile
{
    /// <summary>The file's mapping; null if it holds something else.</summary>
    /// <exception cref="InputException">It cannot be read, or is not YAML.</exception>
    public static YamlMappingNode? Load(string file)
    {
        try
        {
            using StreamReader reader = File.OpenText(file);
            YamlStream stream = [];
            stream.Load(reader);
            return stream.Documents is [{ RootNode: YamlMappingNode root }, ..] ? root : null;
        }
        catch (YamlException exception)
        {
            throw new InputException($"{file}: invalid YAML in line {exception.Start.Line}: {exception.Message.TrimEnd('.')}; correct it.",
                exception);
        }
        // The parser also throws this for some unterminated lists.
        catch (InvalidOperationException exception)
        {
            throw new InputException($"{file}: invalid YAML, perhaps an unclosed bracket; correct it.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file}: cannot be read ({exception.Message}); check the file and its permissions.", exception);
        }
    }

    /// <summary>Reads class names by their numbers.</summary>
    /// <exception cref="InputException">They are written in another way.</exception>
    public static SortedDictionary<int, string> Classes(YamlNode node, string file)
    {
        SortedDictionary<int, string> classes = [];
        switch (node)
        {
            case YamlSequenceNode list:
                foreach (YamlNode name in list) classes.Add(classes.Count, Text(name) ?? throw Wrong($"name {classes.Count} is not text"));
                break;
            case YamlMappingNode map:
                foreach (var (key, name) in map)
                {
                    if (!int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                        throw Wrong($"'{key}' is not the number of a class");
                    classes.Add(number, Text(name) ?? throw Wrong($"the name of class {number} is not text"));
                }
                break;
        }
        if (classes.Count == 0) throw Wrong("it lists none");
        if (classes.Values.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Wrong($"two classes are called '{twice.Key}'");
        return classes;

        InputException Wrong(string what) =>
            new($"{file}: names must list the classes as [cat, dog] or {{0: cat, 1: dog}}, but {what}; correct it.");
    }

    /// <summary>The value under a key of a mapping.</summary>
    public static YamlNode? Child(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? child) ? child : null;

    /// <summary>The text of a node; null if there is none or it is empty.</summary>
    public static string? Text(YamlNode? node) => (node as YamlScalarNode)?.Value?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A list of texts, or a single one.</summary>
    public static string[] Texts(YamlNode? node) =>
        node is YamlSequenceNode list ? [.. list.Select(Text).OfType<string>()] : Text(node) is { } text ? [text] : [];
}
