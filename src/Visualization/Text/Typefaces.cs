using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using SkiaSharp;
using SkiaSharp.HarfBuzz;

namespace Vision.Visualization;

/// <summary>The fonts that text is set in: the bundled DejaVu Sans, and the system's for what that lacks.</summary>
internal static class Typefaces
{
    private static readonly ConcurrentDictionary<int, SKTypeface> byCharacter = new();
    private static readonly ConcurrentDictionary<SKTypeface, SKShaper> shapers = new();

    private static readonly Lazy<SKTypeface[]> installed = new(Installed);

    /// <summary>Latin, Greek, Cyrillic, Hebrew, Arabic and many symbols. Pictures of these scripts are the same on every machine.</summary>
    public static SKTypeface Bundled { get; } = Load();

    /// <summary>The font for a character; the bundled one where none has it, whose box then stands for it.</summary>
    public static SKTypeface For(Rune character) => byCharacter.GetOrAdd(character.Value, Find);

    /// <summary>What sets text in a font.</summary>
    public static SKShaper ShaperOf(SKTypeface typeface) => shapers.GetOrAdd(typeface, face => new SKShaper(face));

    private static SKTypeface Find(int character)
    {
        // What is private is in each font something else.
        if (Bundled.ContainsGlyph(character) || Rune.GetUnicodeCategory(new Rune(character)) == UnicodeCategory.PrivateUse) return Bundled;
        // First a font that is in use, so that a word does not change its look from letter to letter.
        SKTypeface found = shapers.Keys.FirstOrDefault(typeface => typeface.ContainsGlyph(character))
            ?? SKFontManager.Default.MatchCharacter(character)
            // Skia without fontconfig, as on Linux, knows the fonts that there are, and matches no characters.
            ?? installed.Value.FirstOrDefault(typeface => typeface.ContainsGlyph(character))
            ?? Bundled;
        ShaperOf(found);
        return found;
    }

    /// <summary>A font of each family, those without serifs first.</summary>
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
