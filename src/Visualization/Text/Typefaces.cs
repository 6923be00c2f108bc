using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using SkiaSharp;
using SkiaSharp.HarfBuzz;

namespace Vision.Visualization;

/// <summary>The fonts used for text: the bundled DejaVu Sans, and the system's fonts for characters that it lacks.</summary>
internal static class Typefaces
{
    private static readonly ConcurrentDictionary<int, SKTypeface> byCharacter = new();
    private static readonly ConcurrentDictionary<SKTypeface, SKShaper> shapers = new();

    private static readonly Lazy<SKTypeface[]> installed = new(Installed);

    /// <summary>Covers Latin, Greek, Cyrillic, Hebrew, Arabic and many symbols. These scripts look the same on every machine.</summary>
    public static SKTypeface Bundled { get; } = Load();

    /// <summary>The font for a character; if no font contains it, the bundled one, which draws a box.</summary>
    public static SKTypeface For(Rune character) => byCharacter.GetOrAdd(character.Value, Find);

    /// <summary>The text shaper of a font.</summary>
    public static SKShaper ShaperOf(SKTypeface typeface) => shapers.GetOrAdd(typeface, face => new SKShaper(face));

    private static SKTypeface Find(int character)
    {
        // Private-use characters mean something different in each font.
        if (Bundled.ContainsGlyph(character) || Rune.GetUnicodeCategory(new Rune(character)) == UnicodeCategory.PrivateUse) return Bundled;
        // Prefer a font that is already in use, so that a word does not mix fonts.
        SKTypeface found = shapers.Keys.FirstOrDefault(typeface => typeface.ContainsGlyph(character))
            ?? SKFontManager.Default.MatchCharacter(character)
            // Skia without fontconfig, as on Linux, lists the installed fonts but cannot match characters.
            ?? installed.Value.FirstOrDefault(typeface => typeface.ContainsGlyph(character))
            ?? Bundled;
        ShaperOf(found);
        return found;
    }

    /// <summary>One font of each installed family, sans-serif fonts first.</summary>
    private static SKTypeface[] Installed()
    {
        SKFontManager manager = SKFontManager.Default;
        return
        [
            .. manager.FontFamilies.Where(family => !string.IsNullOrEmpty(family)).Distinct()
                .OrderBy(family => !family.Contains("Sans")).ThenBy(family => family.Contains("Mono"))
                .ThenBy(family => family, StringComparer.Ordinal)
                .Select(family => manager.MatchFamily(family, SKFontStyle.Normal)).OfType<SKTypeface>(),
        ];
    }

    private static SKTypeface Load()
    {
        using Stream stream = typeof(Typefaces).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        return SKTypeface.FromStream(stream);
    }
}
