using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Vision.Data;

/// <summary>Finds COCO's json files in a folder, and the images that they list.</summary>
internal static class CocoLayout
{
    /// <summary>What <see cref="Find"/> looks for, for messages.</summary>
    public const string LookedFor = "COCO (a json file with images, annotations and categories in the folder, in its annotations folder, " +
        "or next to the images of each split)";

    /// <summary>The prefixes of COCO's files that can be used for training.</summary>
    private static readonly string[] prefixes = ["instances_", "person_keypoints_"];

    /// <summary>The splits, by name: <c>instances_train2017.json</c> is <c>train2017</c>, and
    /// <c>train/_annotations.coco.json</c> is <c>train</c>.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="wanted">The requested split. One with the prefix of a COCO file, such as <c>person_keypoints_train2017</c>, selects
    /// files of that kind; by default instances take precedence.</param>
    public static IReadOnlyDictionary<string, string> Find(string folder, string? wanted = null)
    {
        string[] files = [.. Candidates(folder)
            .Where(file => !Path.GetFileName(file).StartsWith(PanopticReader.Prefix, StringComparison.Ordinal) && IsCoco(file))];
        // COCO's own folder also holds captions and keypoints of the same images.
        string? kind = PrefixOf(wanted) ?? prefixes.FirstOrDefault(prefix => files.Any(file => PrefixOf(Path.GetFileName(file)) == prefix));
        SortedDictionary<string, string> splits = new(StringComparer.Ordinal);
        foreach (string file in files.Where(file => PrefixOf(Path.GetFileName(file)) == kind)) splits.TryAdd(NameOf(file, folder), file);
        return splits;
    }

    /// <summary>The name of a split without the prefix for the kind of annotations.</summary>
    [return: NotNullIfNotNull(nameof(wanted))]
    public static string? Plain(string? wanted) => PrefixOf(wanted) is { } prefix ? wanted![prefix.Length..] : wanted;

    private static string? PrefixOf(string? name) =>
        prefixes.FirstOrDefault(prefix => name?.StartsWith(prefix, StringComparison.Ordinal) == true);

    /// <summary>The folder that the file names in a json file are relative to: one of the usual places or of
    /// <paramref name="more"/>.</summary>
    /// <exception cref="InputException">The first images were found in none of these places.</exception>
    public static string ImageFolder(string folder, string split, string jsonFile, CocoJson coco, params string[] more)
    {
        string beside = Path.GetDirectoryName(jsonFile)!;
        string[] places = [
            Path.Combine(folder, "images", split), Path.Combine(folder, split),
            Path.Combine(folder, "images"), Path.Combine(folder, "JPEGImages"),
            Path.Combine(beside, "images"), beside, folder, .. more,
        ];
        // Some images may be missing, so several are tried.
        string[] names = [.. coco.Images!.Select(image => image.FileName).OfType<string>().Take(20)];
        return places.FirstOrDefault(place => names.Any(name => File.Exists(Path.Combine(place, name))))
            ?? throw new InputException(
                $"{jsonFile}: its images were not found: there is no {names.FirstOrDefault() ?? "image"} in " +
                $"{string.Join(", ", places.Distinct())}; put them into one of these folders.");
    }

    private static IEnumerable<string> Candidates(string folder) =>
        new[] { folder }.Concat(Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
            .SelectMany(place => Directory.EnumerateFiles(place, "*.json").Order(StringComparer.Ordinal));

    private static string NameOf(string file, string folder)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        if (PrefixOf(name) is not null) return Plain(name);
        string beside = Path.GetDirectoryName(file)!;
        bool ownFolder = beside != folder && Path.GetFileName(beside) != "annotations";
        return ownFolder ? Path.GetFileName(beside) : name;
    }

    // A folder may hold other json files, such as one per image, so the beginning is examined before parsing.
    private static bool IsCoco(string file)
    {
        Span<byte> start = stackalloc byte[4096];
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        string text = Encoding.UTF8.GetString(start);
        return text.TrimStart('\uFEFF', ' ', '\r', '\n', '\t').StartsWith('{')
            && (text.Contains("\"images\"", StringComparison.Ordinal) || text.Contains("\"annotations\"", StringComparison.Ordinal)
                || text.Contains("\"categories\"", StringComparison.Ordinal));
    }
}
