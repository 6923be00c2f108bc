namespace Vision.Data;

/// <summary>The values that the masks of a data set have, where no file says what they mean.</summary>
/// <param name="Numbers">The numbers, in order; grays in color count as such.</param>
/// <param name="Colored">A mask that has colors, and one of them; null where there is none.</param>
internal sealed record MaskScan(IReadOnlyList<byte> Numbers, (string File, string Color)? Colored)
{
    /// <summary>Whether masks are black and white, as drawing programs and many tools save one
    /// class. The first that is not ends the search.</summary>
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

    /// <summary>Reads masks; those that cannot be read are passed over.</summary>
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
            // It is reported by whoever uses it.
        }
        return (file, found, null);
    }
}
