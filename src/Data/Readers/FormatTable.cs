namespace Vision.Data;

/// <summary>The formats that a reader knows: how each is recognized in a folder, and how it is read.</summary>
/// <typeparam name="TDataset">What is read.</typeparam>
/// <param name="subject">What is looked for, such as <c>annotations</c>.</param>
/// <param name="refusal">What a format that is not known here lacks, such as <c>no boxes to learn from</c>.</param>
/// <param name="otherwise">What else a user may have meant, for the end of a message.</param>
/// <param name="formats">How each format is recognized and read.</param>
internal sealed class FormatTable<TDataset>(string subject, string refusal, string otherwise,
    IReadOnlyDictionary<DatasetFormat, FormatTable<TDataset>.Entry> formats)
{
    /// <summary>A format.</summary>
    /// <param name="LookedFor">What it is recognized by, as a message says it.</param>
    /// <param name="Splits">The names of a folder's splits; none where the folder is not of this format.</param>
    /// <param name="Read">Reads a split by its name, or how that begins, with a model's classes where they are given.</param>
    internal sealed record Entry(string LookedFor, Func<string, IEnumerable<string>> Splits,
        Func<string, string?, IReadOnlyList<Category>?, TDataset> Read);

    /// <summary>The format of a folder.</summary>
    /// <exception cref="InputException">There is no such folder, or it holds none, or two of them.</exception>
    public DatasetFormat Detect(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException(File.Exists(folder)
                ? $"{folder}: this is a file; give the folder that holds it." : $"{folder}: no such folder; check the path.");
        DatasetFormat[] found = [.. formats.Where(entry => entry.Value.Splits(folder).Any()).Select(entry => entry.Key)];
        return found switch
        {
            [DatasetFormat only] => only,
            [] => throw new InputException(
                $"{folder}: no {subject} found; looked for {string.Join(", for ", formats.Values.Select(entry => entry.LookedFor))}."),
            _ => throw new InputException(
                $"{folder}: holds both {string.Join(" and ", found.Select(format => format.ToString().ToUpperInvariant()))} {subject}; "
                + $"say which with the data format {string.Join(" or ", found.Select(format => format.ToString().ToLowerInvariant()))}."),
        };
    }

    /// <summary>Whether a folder holds exactly one of the formats.</summary>
    public bool Holds(string folder)
    {
        try
        {
            Detect(folder);
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }

    /// <summary>The names of a folder's splits.</summary>
    /// <exception cref="InputException">As for <see cref="Detect"/>, or the format is not known here.</exception>
    public IReadOnlyList<string> Splits(string folder, DatasetFormat format) => [.. formats[Known(folder, format)].Splits(folder)];

    /// <summary>Reads a split.</summary>
    /// <exception cref="InputException">The folder, its format or the split cannot be found, or nothing in it can be used.</exception>
    public TDataset Read(string folder, DatasetFormat format, string? split, IReadOnlyList<Category>? categories) =>
        formats[Known(folder, format)].Read(folder, split, categories);

    private DatasetFormat Known(string folder, DatasetFormat format)
    {
        if (format == DatasetFormat.Auto || !Directory.Exists(folder)) return Detect(folder);
        return formats.ContainsKey(format)
            ? format
            : throw new InputException(
                $"The data format {format.ToString().ToLowerInvariant()} has {refusal}; give " +
                $"{string.Join(" or ", formats.Keys.Select(known => known.ToString().ToLowerInvariant()))}{otherwise}.");
    }
}
