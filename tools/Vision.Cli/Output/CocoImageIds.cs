using System.Globalization;
using System.Text.RegularExpressions;
using Vision.Evaluation;

namespace Vision.Cli.Output;

/// <summary>The ids of image files in a COCO results file.</summary>
internal sealed partial class CocoImageIds
{
    private readonly Dictionary<string, long> ids;

    /// <summary>
    /// Determines the id of each file: from annotations, or else the number at the end of its name, as in COCO's own files, or else its
    /// position, starting at 1.
    /// </summary>
    /// <param name="files">The image files.</param>
    /// <param name="truthFile">COCO annotations that list all of them; null if there are none.</param>
    /// <exception cref="InputException">The annotations cannot be read, or lack a file.</exception>
    public CocoImageIds(IReadOnlyList<string> files, string? truthFile)
    {
        if (truthFile is not null)
        {
            IReadOnlyDictionary<string, long> listed = CocoFiles.ReadImageIds(truthFile);
            ids = files.ToDictionary(file => file, file => listed.TryGetValue(Path.GetFileName(file), out long id) ? id
                : throw new InputException($"{file} is not among the images of {truthFile}: use the annotations of these images."));
            return;
        }
        // Numbers are used for all images or for none, so that no two share an id.
        long[] numbers = [.. files.Select(NumberOf).OfType<long>().Distinct()];
        ids = files.Index().ToDictionary(file => file.Item, file => numbers.Length == files.Count ? numbers[file.Index] : file.Index + 1L);
    }

    /// <summary>The id of a file.</summary>
    public long Of(string file) => ids[file];

    private static long? NumberOf(string file)
    {
        string digits = Ending().Match(Path.GetFileNameWithoutExtension(file)).Value;
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
    }

    [GeneratedRegex("[0-9]+$")]
    private static partial Regex Ending();
}
