namespace Vision.Data;

/// <summary>What the values of mask files mean: numbers (gray or palette PNG) or colors (RGB PNG) of classes.</summary>
public sealed class MaskValues
{
    private readonly IReadOnlyDictionary<byte, byte> numbers;
    private readonly Dictionary<int, byte> colors;

    /// <summary>Defines the meanings.</summary>
    /// <param name="numbers">The class 0..C−1 of each number that masks may hold, or <see cref="SegmentationMap.Ignore"/>. The number 255
    /// is ignored unless given.</param>
    /// <param name="colors">The same for masks in color. If empty, only grays are read, as numbers.</param>
    public MaskValues(IReadOnlyDictionary<byte, byte> numbers, IReadOnlyDictionary<(byte Red, byte Green, byte Blue), byte>? colors = null)
    {
        this.numbers = numbers;
        this.colors = colors?.ToDictionary(entry => Key(entry.Key.Red, entry.Key.Green, entry.Key.Blue), entry => entry.Value) ?? [];
    }

    /// <summary>Masks whose values are the classes themselves, with 255 for ignored pixels.</summary>
    /// <param name="classes">The number of classes.</param>
    public static MaskValues Plain(int classes) =>
        new(Enumerable.Range(0, classes).ToDictionary(value => checked((byte)value), value => (byte)value));

    /// <summary>The classes of a mask, and the number of pixels of each value that is not a class; these pixels are ignored.</summary>
    internal (SegmentationMap Map, IReadOnlyDictionary<string, long> Unknown) Decode(MaskPixels pixels)
    {
        Dictionary<string, long> unknown = [];
        byte[] classes = pixels.IsColor ? OfColors(pixels.Values, unknown) : OfNumbers(pixels.Values, unknown);
        return (new(pixels.Width, pixels.Height, classes), unknown);
    }

    /// <summary>Values as text for messages, such as <c>12 (40 pixels)</c>; the most frequent first.</summary>
    internal static string Listed(IReadOnlyDictionary<string, long> values)
    {
        const int shown = 5;
        var first = values.OrderByDescending(entry => entry.Value)
            .Take(shown).Select(entry => $"{entry.Key} ({entry.Value} {(entry.Value == 1 ? "pixel" : "pixels")})");
        return string.Join(", ", first) + (values.Count > shown ? $" and {values.Count - shown} more values" : "");
    }

    private byte[] OfNumbers(byte[] values, Dictionary<string, long> unknown)
    {
        byte[] table = new byte[256];
        for (int value = 0; value < table.Length; value++) table[value] = Of((byte)value) ?? SegmentationMap.Ignore;
        long[] counts = new long[256];
        byte[] classes = new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            counts[values[i]]++;
            classes[i] = table[values[i]];
        }
        for (int value = 0; value < counts.Length; value++)
            if (counts[value] > 0 && Of((byte)value) is null) unknown[$"{value}"] = counts[value];
        return classes;
    }

    private byte[] OfColors(byte[] values, Dictionary<string, long> unknown)
    {
        byte[] classes = new byte[values.Length / 3];
        Dictionary<int, long> others = [];
        // Neighbors mostly have the same color, so the last one is cached.
        int last = -1;
        byte? meaning = null;
        for (int i = 0; i < classes.Length; i++)
        {
            int key = Key(values[3 * i], values[3 * i + 1], values[3 * i + 2]);
            if (key != last) (last, meaning) = (key, OfColor(key));
            classes[i] = meaning ?? SegmentationMap.Ignore;
            if (meaning is null) others[key] = others.GetValueOrDefault(key) + 1;
        }
        foreach (var (key, count) in others) unknown[$"color {key & 255},{key >> 8 & 255},{key >> 16}"] = count;
        return classes;
    }

    private byte? Of(byte number) =>
        numbers.TryGetValue(number, out byte meaning) ? meaning : number == SegmentationMap.Ignore ? SegmentationMap.Ignore : null;

    private byte? OfColor(int key)
    {
        if (colors.Count > 0) return colors.TryGetValue(key, out byte meaning) ? meaning : null;
        bool isGray = (key & 255) == (key >> 8 & 255) && (key & 255) == key >> 16;
        return isGray ? Of((byte)key) : null;
    }

    private static int Key(byte red, byte green, byte blue) => red | green << 8 | blue << 16;
}
