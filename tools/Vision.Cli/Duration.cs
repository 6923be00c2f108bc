using System.Globalization;
using System.Text.RegularExpressions;

namespace Vision.Cli;

/// <summary>Times on the command line, such as 1h30m.</summary>
internal static partial class Duration
{
    /// <summary>A time above 0 in days, hours, minutes and seconds; null if the text is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (Pattern().Match(text) is not { Success: true } match) return null;
        TimeSpan time = TimeSpan.FromDays(Number("d")) + TimeSpan.FromHours(Number("h")) + TimeSpan.FromMinutes(Number("m"))
            + TimeSpan.FromSeconds(Number("s"));
        return time > TimeSpan.Zero ? time : null;

        double Number(string unit) => match.Groups[unit] is { Success: true, Value: var digits }
            ? double.Parse(digits, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"^((?<d>\d{1,4}(\.\d+)?)d)?((?<h>\d{1,5}(\.\d+)?)h)?((?<m>\d{1,6}(\.\d+)?)m)?((?<s>\d{1,8}(\.\d+)?)s)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
