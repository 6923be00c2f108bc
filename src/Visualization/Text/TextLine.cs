using System.Globalization;
using HarfBuzzSharp;
using SkiaSharp;
using SkiaSharp.HarfBuzz;
using Buffer = HarfBuzzSharp.Buffer;

namespace Vision.Visualization;

/// <summary>A line of text in any script, laid out and measured, ready to draw.</summary>
internal sealed class TextLine : IDisposable
{
    private static readonly (float Ascent, float Descent) usual = Usual();

    private readonly SKTextBlob? glyphs;
    private readonly float left;

    /// <summary>Lays out a text. Line breaks and other white space become spaces.</summary>
    /// <param name="text">The text, in any script; a character that no font contains is drawn as a box.</param>
    /// <param name="size">Size of the font, in pixels.</param>
    /// <param name="bold">Whether it is bold.</param>
    public TextLine(string text, float size, bool bold = false)
    {
        text = string.Create(text.Length, text, (spaced, from) =>
        {
            for (int i = 0; i < spaced.Length; i++) spaced[i] = char.IsWhiteSpace(from[i]) ? ' ' : from[i];
        });
        float pen = 0;
        SKRect ink = SKRect.Empty;
        using SKTextBlobBuilder builder = new();
        foreach (TextRun run in TextRun.InVisualOrder(text))
        {
            using SKFont font = FontOf(run.Typeface, size, bold);
            using Buffer buffer = new() { Direction = run.Level % 2 == 0 ? Direction.LeftToRight : Direction.RightToLeft };
            // The whole text, for letters that join across the borders of runs.
            buffer.AddUtf16(text, run.Start, run.Length);
            buffer.GuessSegmentProperties();
            SKShaper.Result shaped = Typefaces.ShaperOf(run.Typeface).Shape(buffer, pen, 0, font);
            ushort[] ids = [.. shaped.Codepoints.Select(id => (ushort)id)];
            font.GetGlyphWidths(ids, out SKRect[] boxes);
            for (int i = 0; i < boxes.Length; i++)
            {
                if (boxes[i].IsEmpty) continue;
                boxes[i].Offset(shaped.Points[i]);
                ink = ink.IsEmpty ? boxes[i] : SKRect.Union(ink, boxes[i]);
            }
            if (ids.Length > 0) builder.AddPositionedRun(ids, font, shaped.Points);
            pen += shaped.Width;
        }
        glyphs = builder.Build();
        left = Math.Min(0, ink.Left);
        Width = Math.Max(pen, ink.Right) - left;
        // Lines of most scripts have the same height; taller ones get more, up to a limit, since marks can be stacked endlessly.
        Ascent = Math.Clamp(-ink.Top, usual.Ascent * size, 2 * size);
        Descent = Math.Clamp(ink.Bottom, usual.Descent * size, size);
    }

    /// <summary>The width in pixels, including ink that extends beyond the start or the end.</summary>
    public float Width { get; }

    /// <summary>The extent above the baseline.</summary>
    public float Ascent { get; }

    /// <summary>The extent below the baseline.</summary>
    public float Descent { get; }

    /// <summary>
    /// Lays out as much of a text as fits, ending in an ellipsis if it was shortened. If nothing fits, the line is empty.
    /// </summary>
    public static TextLine Fitted(string text, float size, float room, bool bold = false)
    {
        TextLine line = new(text, size, bold);
        if (line.Width <= room) return line;
        int[] ends = [0, .. StringInfo.ParseCombiningCharacters(text)];
        int fitting = 0, beyond = ends.Length;
        while (beyond - fitting > 1)
        {
            int middle = (fitting + beyond) / 2;
            using TextLine tried = new(Shortened(middle), size, bold);
            if (tried.Width <= room) fitting = middle;
            else beyond = middle;
        }
        line.Dispose();
        return new TextLine(Shortened(fitting), size, bold);

        string Shortened(int end) => end == 0 ? "" : text[..ends[end]] + "…";
    }

    /// <summary>Draws it.</summary>
    /// <param name="canvas">The canvas.</param>
    /// <param name="x">Its left end.</param>
    /// <param name="baseline">The y of its baseline.</param>
    /// <param name="color">Color of the text.</param>
    public void Draw(SKCanvas canvas, float x, float baseline, Color color)
    {
        if (glyphs is null) return;
        using SKPaint paint = new() { Color = color.Skia, IsAntialias = true };
        canvas.DrawText(glyphs, x - left, baseline, paint);
    }

    /// <inheritdoc/>
    public void Dispose() => glyphs?.Dispose();

    /// <summary>The usual extents above and below the baseline, relative to the font size.</summary>
    private static (float Ascent, float Descent) Usual()
    {
        using SKFont font = new(Typefaces.Bundled, 1000);
        return (-font.Metrics.Ascent / 1000, font.Metrics.Descent / 1000);
    }

    private static SKFont FontOf(SKTypeface typeface, float size, bool bold) =>
        new(typeface, size) { Subpixel = true, Edging = SKFontEdging.Antialias, Hinting = SKFontHinting.Slight, Embolden = bold };
}
