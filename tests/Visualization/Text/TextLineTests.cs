using System.Diagnostics;
using System.Text;
using SkiaSharp;

namespace Vision.Visualization.Tests.Text;

public class TextLineTests
{
    private const int Margin = 20;

    public static TheoryData<string> Odd =>
    [
        "", " ", "\0\u0001\u007F\u0085", "line\r\nline\ttab", "😀👩‍👩‍👧‍👦🏳️‍🌈", "\uD83D", "\uDE00x", "a\u202Eb\u2066c", "\uFFFF\uE000",
        "क्षि ไทย မြန်မာ བོད", new string('x', 500), string.Concat(Enumerable.Repeat("猫", 500)), "x" + new string('\u0301', 500),
        "لا إله إلا", "ffi fi fl",
    ];

    [Theory, MemberData(nameof(Odd))]
    public void AnyTextIsSetAndItsInkIsWithinItsMeasure(string text)
    {
        using TextLine line = new(text, 20);
        Assert.InRange(line.Width, 0, 500 * 25);
        Assert.InRange(line.Ascent, 15, 40);
        Assert.InRange(line.Descent, 3, 20);
        using TextLine cut = TextLine.Fitted(text, 20, 100);
        Assert.InRange(cut.Width, 0, 100);
        if (text.Contains("\u0301\u0301")) return;
        (int left, int top, int right, int bottom) = Ink(line);
        Assert.True(left >= Margin - 1 && right <= Margin + line.Width + 1, $"{left}..{right} for a width of {line.Width}");
        float highest = 2 * Margin - line.Ascent - 1, lowest = 2 * Margin + line.Descent + 1;
        Assert.True(top >= highest && bottom <= lowest, $"{top}..{bottom} is not within {highest}..{lowest}");
    }

    [Theory]
    [InlineData("Hxgj"), InlineData("Кошка"), InlineData("قطة"), InlineData("猫"), InlineData("éÅ"), InlineData("jjj"), InlineData("f")]
    public void TheMeasureIsNotMuchMoreThanTheInk(string text)
    {
        using TextLine line = new(text, 30);
        (int left, _, int right, _) = Ink(line);
        Assert.InRange(right - left, line.Width - 8, line.Width + 1);
    }

    [Theory]
    [InlineData("猫"), InlineData("قطة"), InlineData("кошка"), InlineData("é"), InlineData("עברית"), InlineData("ελλ"), InlineData("한국어")]
    public void EveryScriptHasItsLettersWhereAFontHasThem(string text)
    {
        byte[] drawn = Drawn(text), boxes = Drawn(string.Concat(text.Select(_ => '\u0378')));
        Assert.Contains(drawn, value => value != 255);
        if (text.EnumerateRunes().All(letter => Typefaces.For(letter).ContainsGlyph(letter.Value))) Assert.NotEqual(boxes, drawn);
        else Assert.False(Typefaces.Bundled.ContainsGlyph(text[0]));
    }

    [Fact]
    public void WhatTheBundledFontHasIsTakenFromIt()
    {
        foreach (Rune letter in "Añßжωקض½→✓".EnumerateRunes()) Assert.Same(Typefaces.Bundled, Typefaces.For(letter));
        // What no font has is its box; and what is private means in each font something else.
        foreach (int code in (int[])[0x378, 0xE000, 0x10FFFF]) Assert.Same(Typefaces.Bundled, Typefaces.For(new Rune(code)));
    }

    [Fact]
    public void ArabicLettersAreJoinedAndReadFromTheRight()
    {
        Assert.NotEqual(Drawn("قطة"), Drawn("ةطق"));
        using TextLine joined = new("ببب", 40), apart = new("ب\u200Cب\u200Cب", 40);
        Assert.True(joined.Width < 0.8f * apart.Width, $"{joined.Width} joined, {apart.Width} apart");
    }

    [Fact]
    public void WhatIsShortenedEndsInAnEllipsis()
    {
        using TextLine line = TextLine.Fitted("a name of a class", 20, 100), whole = TextLine.Fitted("a name", 20, 100),
            asIs = new("a name", 20);
        using TextLine nothing = TextLine.Fitted("a name", 20, 3);
        Assert.InRange(line.Width, 80, 100);
        Assert.Equal(asIs.Width, whole.Width);
        Assert.Equal(0, nothing.Width);
    }

    [Fact]
    public void ThousandsOfLinesTakeNoMoreMemory()
    {
        long Memory()
        {
            for (int i = 0; i < 10_000; i++) new TextLine($"person {i} 猫 قطة 0.{i}", 20).Dispose();
            GC.Collect();
            using Process process = Process.GetCurrentProcess();
            return process.PrivateMemorySize64;
        }
        Memory();
        long before = Memory(), after = Memory();
        Assert.True(after - before < 8 << 20, $"{(after - before) >> 10} KiB more");
    }

    private static (int Left, int Top, int Right, int Bottom) Ink(TextLine line)
    {
        int width = (int)line.Width + 2 * Margin;
        byte[] gray = Draw(line, width);
        int[] at = [.. Enumerable.Range(0, gray.Length).Where(i => gray[i] < 255)];
        if (at.Length == 0) return (Margin, 2 * Margin, Margin, 2 * Margin);
        return (at.Min(i => i % width), at.Min(i => i / width), at.Max(i => i % width) + 1, at.Max(i => i / width) + 1);
    }

    private static byte[] Drawn(string text)
    {
        using TextLine line = new(text, 24);
        return Draw(line, 150);
    }

    /// <summary>The baseline is at 40, and the left end at 20.</summary>
    private static byte[] Draw(TextLine line, int width)
    {
        using SKBitmap bitmap = new(new SKImageInfo(width, 4 * Margin, SKColorType.Gray8, SKAlphaType.Opaque));
        using SKCanvas canvas = new(bitmap);
        canvas.Clear(SKColors.White);
        line.Draw(canvas, Margin, 2 * Margin, Color.Black);
        canvas.Flush();
        return bitmap.GetPixelSpan().ToArray().Chunk(bitmap.RowBytes).SelectMany(row => row.Take(width)).ToArray();
    }
}
