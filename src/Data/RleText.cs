using System.Text;

namespace Vision.Data;

/// <summary>
/// COCO's compressed form of runs: five bits per character, the lowest first, with a sixth bit that tells whether more follow; from the
/// fourth run on, a run is stored as its difference from the run two before it, which is of the same kind and thus of similar length.
/// </summary>
internal static class RleText
{
    /// <summary>Reads the runs.</summary>
    /// <exception cref="InputException">The text is damaged.</exception>
    public static uint[] Read(string text)
    {
        List<uint> counts = new(text.Length / 2);
        for (int at = 0; at < text.Length;)
        {
            long value = 0;
            int shift = 0, bits;
            do
            {
                bits = at < text.Length ? text[at++] - '0' : -1;
                if (bits is < 0 or > 63 || shift > 30) throw Damaged(at);
                value |= (long)(bits & 31) << shift;
                shift += 5;
            }
            while ((bits & 32) != 0);
            if ((bits & 16) != 0) value |= -1L << shift;
            if (counts.Count > 2) value += counts[^2];
            if (value is < 0 or > uint.MaxValue) throw Damaged(at);
            counts.Add((uint)value);
        }
        return [.. counts];
    }

    /// <summary>Writes the runs.</summary>
    public static string Write(ReadOnlySpan<uint> counts)
    {
        StringBuilder text = new(2 * counts.Length);
        for (int i = 0; i < counts.Length; i++)
        {
            long value = i > 2 ? (long)counts[i] - counts[i - 2] : counts[i];
            bool more;
            do
            {
                int bits = (int)(value & 31);
                value >>= 5;
                more = (bits & 16) != 0 ? value != -1 : value != 0;
                text.Append((char)('0' + (more ? bits | 32 : bits)));
            }
            while (more);
        }
        return text.ToString();
    }

    private static InputException Damaged(int at) => new($"A mask's compressed counts are damaged at character {at}.");
}
