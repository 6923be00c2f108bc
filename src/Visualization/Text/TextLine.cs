using System.Globalization;
using HarfBuzzSharp;
using SkiaSharp;
using SkiaSharp.HarfBuzz;
using Buffer = HarfBuzzSharp.Buffer;

namespace Vision.Visualization;

/// <summary>A line of text in any script, set and measured, ready to be drawn.</summary>
internal sealed class TextLine : IDisposable
{
    private static readonly (float Ascent, float Descent) usual = Usual();

    private readonly SKTextBlob? glyphs;
    private readonly float left;

    /// <summary>Sets a text. What stands for the end of a line or another space becomes a space.</summary>
    /// <param name="text">In any script; a character that no font has is a box.</param>
    /// <param name="size">Of the font, in pixels.</param>
    /// <param name="bold">Whether it is set in thicker letters.</param>
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
            // The whole text, for the letters that join across a run's borders.
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
        // Lines of most scripts have one height; high ones get what they need, within reason: marks can be piled up without end.
        Ascent = Math.Clamp(-ink.Top, usual.Ascent * size, 2 * size);
        Descent = Math.Clamp(ink.Bottom, usual.Descent * size, size);
    }

    /// <summary>From the left of its ink or its start to the right of its ink or its end, in pixels.</summary>
    public float Width { get; }

    /// <summary>How far it reaches above the baseline.</summary>
    public float Ascent { get; }

    /// <summary>How far it reaches below the baseline.</summary>
    public float Descent { get; }

    /// <summary>
    /// Sets as much of a text as there is room for; where that is not all, an ellipsis ends it. Where there is room for nothing, the line
    /// is empty.
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
    /// <param name="canvas">Where to.</param>
    /// <param name="x">Its left end.</param>
    /// <param name="baseline">The line that its letters stand on.</param>
    /// <param name="color">Of the letters.</param>
    public void Draw(SKCanvas canvas, float x, float baseline, Color color)
    {
        if (glyphs is null) return;
        using SKPaint paint = new() { Color = color.Skia, IsAntialias = true };
        canvas.DrawText(glyphs, x - left, baseline, paint);
    }

    /// <inheritdoc/>
    public void Dispose() => glyphs?.Dispose();

    /// <summary>Above and below the baseline, in parts of the font's size.</summary>
    private static (float Ascent, float Descent) Usual()
    {
        using SKFont font = new(Typefaces.Bundled, 1000);
        return (-font.Metrics.Ascent / 1000, font.Metrics.Descent / 1000);
    }

    private static SKFont FontOf(SKTypeface typeface, float size, bool bold) =>
        new(typeface, size) { Subpixel = true, Edging = SKFontEdging.Antialias, Hinting = SKFontHinting.Slight, Embolden = bold };
}
