using System.Globalization;
using System.Text;
using SkiaSharp;

namespace Vision.Visualization;

/// <summary>A part of a text with a single font and direction.</summary>
/// <param name="Start">The index of its first character in the text.</param>
/// <param name="Length">Its length in UTF-16 units.</param>
/// <param name="Typeface">Its font.</param>
/// <param name="Level">Its level in the Unicode bidirectional algorithm: even for left to right, odd for right to left.</param>
internal readonly record struct TextRun(int Start, int Length, SKTypeface Typeface, int Level)
{
    private enum Kind { Neutral, Left, Right, Number }

    /// <summary>The runs of a text, ordered from left to right as displayed.</summary>
    public static List<TextRun> InVisualOrder(string text)
    {
        if (text.Length > 0 && Ascii.IsValid(text)) return [new(0, text.Length, Typefaces.Bundled, 0)];
        List<TextRun> runs = [];
        List<Kind> kinds = [];
        for (int start = 0, length; start < text.Length; start += length)
        {
            // Accents stay with their letter and use its font.
            length = StringInfo.GetNextTextElementLength(text.AsSpan(start));
            Rune.DecodeFromUtf16(text.AsSpan(start), out Rune character, out _);
            runs.Add(new(start, length, Typefaces.For(character), 0));
            kinds.Add(KindOf(character));
        }
        int[] levels = Levels(text, runs, kinds);

        List<TextRun> joined = [];
        for (int i = 0; i < runs.Count; i++)
        {
            TextRun run = runs[i] with { Level = levels[i] };
            if (joined.Count > 0 && (joined[^1].Typeface, joined[^1].Level) == (run.Typeface, run.Level))
                joined[^1] = joined[^1] with { Length = joined[^1].Length + run.Length };
            else joined.Add(run);
        }
        for (int level = levels.DefaultIfEmpty().Max(); level > 0; level--)
            for (int start = 0, end; start < joined.Count; start = end + 1)
            {
                for (end = start; end < joined.Count && joined[end].Level >= level; end++) { }
                joined.Reverse(start, end - start);
            }
        return joined;
    }

    /// <summary>The bidirectional algorithm's rules that matter in a line without embeddings: W2, W4, W7, N1, N2, I1 and I2.</summary>
    private static int[] Levels(string text, List<TextRun> elements, List<Kind> kinds)
    {
        Kind basis = kinds.FirstOrDefault(kind => kind is Kind.Left or Kind.Right) is Kind.Right ? Kind.Right : Kind.Left;
        for (int i = 1; i < kinds.Count - 1; i++)
            if (text[elements[i].Start] is '.' or ',' or ':' or '/' && kinds[i - 1] == Kind.Number && kinds[i + 1] == Kind.Number)
                kinds[i] = Kind.Number;

        // Resolves each element: a number belongs to the letters before it, and neutral characters to neighbors of equal direction.
        Kind[] sides = new Kind[kinds.Count];
        Kind strong = basis;
        for (int i = 0; i < sides.Length; i++)
        {
            if (kinds[i] is Kind.Left or Kind.Right) strong = kinds[i];
            sides[i] = kinds[i] == Kind.Neutral ? Kind.Neutral : strong;
        }
        for (int i = 0, end; i < sides.Length; i = end + 1)
        {
            for (end = i; end < sides.Length && sides[end] == Kind.Neutral; end++) { }
            Kind before = i == 0 ? basis : sides[i - 1], after = end == sides.Length ? basis : sides[end];
            Array.Fill(sides, before == after ? before : basis, i, end - i);
        }
        int left = basis == Kind.Left ? 0 : 2;
        return [.. sides.Select((side, i) => side == Kind.Left ? left : kinds[i] == Kind.Number ? 2 : 1)];
    }

    private static Kind KindOf(Rune character) => Rune.GetUnicodeCategory(character) switch
    {
        UnicodeCategory.DecimalDigitNumber => Kind.Number,
        (>= UnicodeCategory.UppercaseLetter and <= UnicodeCategory.SpacingCombiningMark) or UnicodeCategory.LetterNumber =>
            IsOfRightToLeftScript(character.Value) ? Kind.Right : Kind.Left,
        // The marks that act as a letter of a given direction.
        UnicodeCategory.Format when character.Value == 0x200E => Kind.Left,
        UnicodeCategory.Format when character.Value == 0x200F => Kind.Right,
        _ => Kind.Neutral,
    };

    /// <summary>Whether it is in a block of Hebrew, Arabic or another right-to-left script.</summary>
    private static bool IsOfRightToLeftScript(int code) =>
        code is (>= 0x590 and < 0x900) or (>= 0xFB1D and < 0xFE00) or (>= 0xFE70 and < 0xFF00) or (>= 0x10800 and < 0x11000)
            or (>= 0x1E800 and < 0x1F000);
}
