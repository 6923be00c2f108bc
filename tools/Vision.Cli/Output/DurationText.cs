using System.Globalization;

namespace Vision.Cli.Output;

/// <summary>Durations in words.</summary>
internal static class DurationText
{
    /// <summary>Such as 12 s, 3 min 5 s or 2 h 10 min.</summary>
    public static string Of(double seconds)
    {
        TimeSpan time = TimeSpan.FromSeconds(Math.Round(seconds, seconds < 10 ? 1 : 0));
        return time.TotalSeconds < 60 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s")
            : time.TotalMinutes < 60 ? $"{time.Minutes} min {time.Seconds} s"
            : $"{(int)time.TotalHours} h {time.Minutes} min";
    }
}
