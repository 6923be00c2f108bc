namespace Vision.Data;

/// <summary>The values that the masks of a data set have, where no file says what they mean.</summary>
/// <param name="Numbers">The numbers, in order; greys in colour count as such.</param>
/// <param name="Coloured">A mask that has colours, and one of them; null where there is none.</param>
internal sealed record MaskScan(IReadOnlyList<byte> Numbers, (string File, string Colour)? Coloured)
{
    /// <summary>Whether masks are black and white, as drawing programs and many tools save one class. The first that is not ends the search.</summary>
    public static bool AreBlackAndWhite(IEnumerable<string> files)
    {
        int black = 0, white = 0;
        return files.AsParallel().All(file =>
        {
            (_, bool[] found, string? colour) = Examine(file);
            if (found[0]) Interlocked.Increment(ref black);
            if (found[255]) Interlocked.Increment(ref white);
            return colour is null && !found.AsSpan(1, 254).Contains(true);
        }) && black > 0 && white > 0;
    }

    /// <summary>Reads masks; those that cannot be read are passed over.</summary>
    public static MaskScan Of(IEnumerable<string> files)
    {
        (string File, bool[] Found, string? Colour)[] all = [.. files.AsParallel().AsOrdered().Select(Examine)];
        byte[] numbers = [.. Enumerable.Range(0, 256).Where(number => all.Any(entry => entry.Found[number])).Select(number => (byte)number)];
        return new(numbers, all.Where(entry => entry.Colour is not null).Select(entry => ((string, string)?)(entry.File, entry.Colour!)).FirstOrDefault());
    }

    private static (string File, bool[] Found, string? Colour) Examine(string file)
    {
        bool[] found = new bool[256];
        try
        {
            MaskPixels pixels = MaskPixels.Read(file);
            byte[] values = pixels.Values;
            if (!pixels.IsColour)
            {
                foreach (byte value in values) found[value] = true;
                return (file, found, null);
            }
            for (int i = 0; i < values.Length; i += 3)
            {
                if (values[i] != values[i + 1] || values[i] != values[i + 2]) return (file, found, $"{values[i]},{values[i + 1]},{values[i + 2]}");
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
