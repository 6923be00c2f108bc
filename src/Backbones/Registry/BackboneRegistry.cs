using System.IO.Enumeration;

namespace Vision.Backbones;

/// <summary>All backbones by name. Each family lists its own entries; the registry collects them.</summary>
public static class BackboneRegistry
{
    private static readonly SortedDictionary<string, BackboneEntry> entries = Collect(
        ResNetFamily.Entries, RegNetFamily.Entries, MobileNetFamily.Entries, EfficientNetFamily.Entries, ConvNeXtFamily.Entries,
        DenseNetFamily.Entries, VggFamily.Entries, SwinFamily.Entries);

    /// <summary>The names, sorted.</summary>
    public static IReadOnlyCollection<string> Names => entries.Keys;

    /// <summary>Whether there is a backbone with this name.</summary>
    public static bool Contains(string name) => entries.ContainsKey(name);

    /// <summary>Adds a custom backbone: from then on every detector, segmenter and classifier can be built on it by name, such as
    /// <c>fasterrcnn_NAME_fpn</c>. Call it at the start of a program, before other threads use the registry.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public static void Add(BackboneEntry entry)
    {
        if (!entries.TryAdd(entry.Name, entry))
            throw new ArgumentException($"There already is a backbone called '{entry.Name}'; choose another name.", nameof(entry));
    }

    /// <summary>The backbones whose names match, sorted.</summary>
    /// <param name="pattern">A name, where * stands for anything and ? for one character: "resnet*".</param>
    public static IReadOnlyList<BackboneEntry> Find(string pattern) =>
        [.. entries.Values.Where(entry => FileSystemName.MatchesSimpleExpression(pattern, entry.Name, ignoreCase: false))];

    /// <summary>The entry of a backbone.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="UnknownNameException">No backbone has this name.</exception>
    public static BackboneEntry Get(string name) =>
        entries.TryGetValue(name, out BackboneEntry? entry) ? entry : throw new UnknownNameException("backbone", name, Names);

    /// <summary>A backbone with randomly initialized weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">The number of classes, the normalization and so on.</param>
    /// <exception cref="UnknownNameException">No backbone has this name.</exception>
    /// <exception cref="ArgumentException">The backbone does not support an option.</exception>
    public static Backbone Create(string name, BackboneOptions options) => Get(name).Create(options);

    private static SortedDictionary<string, BackboneEntry> Collect(params IEnumerable<IEnumerable<BackboneEntry>> families) =>
        new(families.SelectMany(family => family).ToDictionary(entry => entry.Name), StringComparer.Ordinal);
}
