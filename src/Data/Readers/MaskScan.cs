namespace Vision.Data;

/// <summary>The values that occur in the masks of a data set, for use if no file defines them.</summary>
/// <param name="Numbers">The numbers, in ascending order; grays in color masks count as numbers.</param>
/// <param name="Colored">A mask that has colors, and one of its colors; null if there is none.</param>
internal sealed record MaskScan(IReadOnlyList<byte> Numbers, (string File, string Color)? Colored)
{
    /// <summary>Whether all masks are black and white, as drawing programs and many tools save a single class.
    /// Stops at the first that is not.</summary>
    public static bool AreBlackAndWhite(IEnumerable<string> files)
    {
        int black = 0, white = 0;
        return files.AsParallel().All(file =>
        {
            (_, bool[] found, string? color) = Examine(file);
            if (found[0]) Interlocked.Increment(ref black);
            if (found[255]) Interlocked.Increment(ref white);
            return color is null && !found.AsSpan(1, 254).Contains(true);
        }) && black > 0 && white > 0;
    }

    /// <summary>Reads masks; unreadable ones are skipped.</summary>
    public static MaskScan Of(IEnumerable<string> files)
    {
        (string File, bool[] Found, string? Color)[] all = [.. files.AsParallel().AsOrdered().Select(Examine)];
        byte[] numbers = [.. Enumerable.Range(0, 256)
            .Where(number => all.Any(entry => entry.Found[number])).Select(number => (byte)number)];
        return new(numbers, all.Where(entry => entry.Color is not null)
            .Select(entry => ((string, string)?)(entry.File, entry.Color!)).FirstOrDefault());
    }

    private static (string File, bool[] Found, string? Color) Examine(string file)
    {
        bool[] found = new bool[256];
        try
        {
            MaskPixels pixels = MaskPixels.Read(file);
            byte[] values = pixels.Values;
            if (!pixels.IsColor)
            {
                foreach (byte value in values) found[value] = true;
                return (file, found, null);
            }
            for (int i = 0; i < values.Length; i += 3)
            {
                if (values[i] != values[i + 1] || values[i] != values[i + 2])
                    return (file, found, $"{values[i]},{values[i + 1]},{values[i + 2]}");
                found[values[i]] = true;
            }
        }
        catch (InputException)
        {
            // It is reported by the code that uses it.
        }
        return (file, found, null);
    }
}
