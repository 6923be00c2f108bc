using System.Text.RegularExpressions;

namespace Vision.Data;

/// <summary>Assigns masks to images: a mask has the name of its image, possibly with a suffix such as <c>_mask</c>.</summary>
/// <param name="Pairs">Images and their masks; null for a missing mask.</param>
/// <param name="Unpaired">Masks without an image.</param>
internal sealed partial record MaskPairs(IReadOnlyList<(string Image, string? Mask)> Pairs, IReadOnlyList<string> Unpaired)
{
    /// <summary>Searches both folders and their subfolders.</summary>
    public static MaskPairs In(MaskLayout.Part part)
    {
        string[] images = Files(part.Images), masks = Files(part.Masks);
        Dictionary<string, string> exact = [], ended = [];
        // Only PNG files can be masks, so they take precedence over previews of the same name.
        foreach (string mask in masks.OrderByDescending(file => Path.GetExtension(file).Equals(".png", StringComparison.OrdinalIgnoreCase)))
        {
            string stem = Stem(part.Masks, mask);
            exact.TryAdd(stem, mask);
            ended.TryAdd(Ending().Replace(stem, ""), mask);
        }
        (string Image, string? Mask)[] pairs = [.. images.Select(image => (image,
            exact.GetValueOrDefault(Stem(part.Images, image)) ?? ended.GetValueOrDefault(Stem(part.Images, image))))];
        HashSet<string> stems = [.. images.Select(image => Stem(part.Images, image))];
        return new(pairs, [.. masks.Where(mask =>
            !stems.Contains(Stem(part.Masks, mask)) && !stems.Contains(Ending().Replace(Stem(part.Masks, mask), "")))]);
    }

    private static string[] Files(string folder) =>
        [.. FolderScan.FilesBelow(folder)
            .Where(file => ImageFile.HasImageName(file) && !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal)];

    private static string Stem(string folder, string file) => Path.ChangeExtension(Path.GetRelativePath(folder, file), null);

    [GeneratedRegex(@"[_\-.](masks?|labels?|l|seg|segmentation|gt|annotation)$", RegexOptions.IgnoreCase)]
    private static partial Regex Ending();
}
