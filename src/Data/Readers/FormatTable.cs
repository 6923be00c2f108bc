namespace Vision.Data;

/// <summary>The formats that a reader supports: how each is detected in a folder, and how it is read.</summary>
/// <typeparam name="TDataset">The type of data set.</typeparam>
/// <param name="subject">What is searched for, such as <c>annotations</c>.</param>
/// <param name="refusal">What an unsupported format lacks, such as <c>no boxes to train on</c>.</param>
/// <param name="otherwise">Another remedy, for the end of the message.</param>
/// <param name="formats">How each format is detected and read.</param>
internal sealed class FormatTable<TDataset>(string subject, string refusal, string otherwise,
    IReadOnlyDictionary<DatasetFormat, FormatTable<TDataset>.Entry> formats)
{
    /// <summary>A format.</summary>
    /// <param name="LookedFor">What it is detected by, for messages.</param>
    /// <param name="Splits">Returns the names of a folder's splits; none if the folder does not have this format.</param>
    /// <param name="Read">Reads a split by its name or a prefix of it, with a model's classes if given.</param>
    internal sealed record Entry(string LookedFor, Func<string, IEnumerable<string>> Splits,
        Func<string, string?, IReadOnlyList<Category>?, TDataset> Read);

    /// <summary>Detects the format of a folder.</summary>
    /// <exception cref="InputException">There is no such folder, or it holds none of the formats, or several.</exception>
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
                + $"choose the data format {string.Join(" or ", found.Select(format => format.ToString().ToLowerInvariant()))}."),
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
    /// <exception cref="InputException">As for <see cref="Detect"/>, or the format is not supported here.</exception>
    public IReadOnlyList<string> Splits(string folder, DatasetFormat format) => [.. formats[Known(folder, format)].Splits(folder)];

    /// <summary>Reads a split.</summary>
    /// <exception cref="InputException">The folder, its format or the split cannot be found, or nothing in it is usable.</exception>
    public TDataset Read(string folder, DatasetFormat format, string? split, IReadOnlyList<Category>? categories) =>
        formats[Known(folder, format)].Read(folder, split, categories);

    private DatasetFormat Known(string folder, DatasetFormat format)
    {
        if (format == DatasetFormat.Auto || !Directory.Exists(folder)) return Detect(folder);
        return formats.ContainsKey(format)
            ? format
            : throw new InputException(
                $"The data format {format.ToString().ToLowerInvariant()} has {refusal}; choose " +
                $"{string.Join(" or ", formats.Keys.Select(known => known.ToString().ToLowerInvariant()))}{otherwise}.");
    }
}
