using System.Globalization;
using System.Text.RegularExpressions;

namespace Vision.Data;

/// <summary>The classes of a data set of masks, each with a number, a name and possibly a color.</summary>
/// <param name="Entries">Ordered by number. Some may stand for pixels to ignore rather than for classes.</param>
internal sealed partial record ClassTable(IReadOnlyList<ClassTable.Entry> Entries)
{
    private static readonly HashSet<string> ignoredNames =
        new(StringComparer.OrdinalIgnoreCase) { "unlabelled", "unlabeled", "void", "ignore", "ignored" };

    /// <summary>One entry.</summary>
    /// <param name="Number">Its value in masks of numbers.</param>
    /// <param name="Name">Its readable name.</param>
    /// <param name="Color">Its color in color masks; null if not given.</param>
    internal sealed record Entry(byte Number, string Name, (byte Red, byte Green, byte Blue)? Color)
    {
        /// <summary>Whether its name says that its pixels have no class.</summary>
        public bool IsIgnored => ignoredNames.Contains(Name);
    }

    /// <summary>The classes, with their numbers as ids.</summary>
    public IReadOnlyList<Category> Categories => [.. Classes.Select(entry => new Category(entry.Number, entry.Name))];

    /// <summary>The colors of the classes; null if there are none.</summary>
    public IReadOnlyList<(byte, byte, byte)>? Colors =>
        Classes.All(entry => entry.Color is not null) ? [.. Classes.Select(entry => entry.Color!.Value)] : null;

    private IEnumerable<Entry> Classes => Entries.Where(entry => !entry.IsIgnored);

    /// <summary>The first of several tables that exists in a folder; null if there is none.</summary>
    /// <exception cref="InputException">It cannot be read or parsed.</exception>
    public static ClassTable? Find(string folder, params IEnumerable<string> names) =>
        names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } file ? Read(file) : null;

    /// <summary>Reads a table: one line per class, in the order of their numbers, with its name and optionally its color before or after
    /// the name, as three numbers from 0 to 255.</summary>
    /// <exception cref="InputException">It cannot be read or parsed.</exception>
    public static ClassTable Read(string file)
    {
        List<Entry> entries = [];
        foreach (string line in Lines(file).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (entries.Count == 0 && Header().IsMatch(line)) continue;
            if (entries.Count > byte.MaxValue) throw Wrong("there are more than 256 lines, and masks have one byte per pixel");
            Match match = NameFirst().Match(line) is { Success: true } first ? first : ColorFirst().Match(line);
            string name = (match.Success ? match.Groups["name"].Value : line).Trim('"', ' ');
            if (entries.FirstOrDefault(entry => entry.Name == name) is not null) throw Wrong($"two classes are called '{name}'");
            (byte, byte, byte)? color = match.Success ? (Channel(match, "r"), Channel(match, "g"), Channel(match, "b")) : null;
            if (color is not null && entries.FirstOrDefault(entry => entry.Color == color) is { } twin)
                throw Wrong($"{twin.Name} and {name} have the same color");
            entries.Add(new((byte)entries.Count, name, color));
        }
        if (entries.Count == 0) throw Wrong("the file lists none");
        if (entries.Any(entry => entry.Color is not null) && entries.FirstOrDefault(entry => entry.Color is null) is { } without)
            throw Wrong($"{without.Name} has no color, while others have one");
        return new(entries);

        byte Channel(Match match, string name) =>
            byte.TryParse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out byte value)
                ? value : throw Wrong($"'{match.Value}' has no color of three numbers from 0 to 255");

        InputException Wrong(string what) =>
            new($"{file}: expected one class per line, such as 'road' or 'road,128,64,128', but {what}; correct it.");
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file}: cannot be read ({exception.Message}); check the file and its permissions.", exception);
        }
    }

    [GeneratedRegex(@"^(?<name>.+?)[\s,;:]+(?<r>\d{1,3})[\s,;]+(?<g>\d{1,3})[\s,;]+(?<b>\d{1,3})[\s,;:]*$")]
    private static partial Regex NameFirst();

    [GeneratedRegex(@"^(?<r>\d{1,3})[\s,;]+(?<g>\d{1,3})[\s,;]+(?<b>\d{1,3})[\s,;:]+(?<name>.+)$")]
    private static partial Regex ColorFirst();

    [GeneratedRegex(@"^\W*(name|class|label)\W+r(ed)?\W+g(reen)?\W+b(lue)?\W*$", RegexOptions.IgnoreCase)]
    private static partial Regex Header();
}
