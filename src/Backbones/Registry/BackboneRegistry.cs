using System.IO.Enumeration;

namespace Vision.Backbones;

/// <summary>Every backbone by its name. Each family lists its own; this is where the lists meet.</summary>
public static class BackboneRegistry
{
    private static readonly SortedDictionary<string, BackboneEntry> entries = Collect(
        ResNetFamily.Entries, RegNetFamily.Entries, MobileNetFamily.Entries, EfficientNetFamily.Entries, ConvNeXtFamily.Entries,
        DenseNetFamily.Entries, VggFamily.Entries, SwinFamily.Entries);

    /// <summary>The names, sorted.</summary>
    public static IReadOnlyCollection<string> Names => entries.Keys;

    /// <summary>The backbones whose names match, sorted.</summary>
    /// <param name="pattern">A name, where * stands for anything and ? for one character: "resnet*".</param>
    public static IReadOnlyList<BackboneEntry> Find(string pattern) =>
        [.. entries.Values.Where(entry => FileSystemName.MatchesSimpleExpression(pattern, entry.Name, ignoreCase: false))];

    /// <summary>What is known of a backbone.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">No backbone is called that; the message names similar ones.</exception>
    public static BackboneEntry Get(string name) =>
        entries.TryGetValue(name, out BackboneEntry? entry) ? entry : throw new ArgumentException(UnknownName(name), nameof(name));

    /// <summary>A backbone with freshly drawn weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">Its classes, normalization and the like.</param>
    /// <exception cref="ArgumentException">No backbone is called that, or it cannot honor an option.</exception>
    public static Backbone Create(string name, BackboneOptions options) => Get(name).Create(options);

    private static string UnknownName(string name) => $"No backbone is called '{name}'; {SimilarNames.Advice(name, Names)}";

    private static SortedDictionary<string, BackboneEntry> Collect(params IEnumerable<IEnumerable<BackboneEntry>> families) =>
        new(families.SelectMany(family => family).ToDictionary(entry => entry.Name), StringComparer.Ordinal);
}
