using OpenCvSharp;
using SkiaSharp;

namespace Vision.Visualization;

/// <summary>A color: red, green and blue in 0..255, in the sRGB color space of images.</summary>
public readonly record struct Color(byte R, byte G, byte B)
{
    /// <summary>(0, 0, 0).</summary>
    public static readonly Color Black = new(0, 0, 0);

    /// <summary>(255, 255, 255).</summary>
    public static readonly Color White = new(255, 255, 255);

    /// <summary>Relative luminance in [0, 1], as WCAG 2.1 defines it.</summary>
    public double Luminance => 0.2126 * Linear(R) + 0.7152 * Linear(G) + 0.0722 * Linear(B);

    /// <summary>Black or white, whichever is more legible on this color.</summary>
    // At a luminance of 0.179 both have the same WCAG contrast with the background: (L + 0.05) / 0.05 = 1.05 / (L + 0.05).
    public Color TextColor => Luminance > 0.179 ? Black : White;

    /// <summary>Blends this color with another: 0 is this one, 1 the other.</summary>
    public Color Mixed(Color other, double share) => new(Mix(R, other.R, share), Mix(G, other.G, share), Mix(B, other.B, share));

    /// <summary>In web notation: "#ff7f00". (The default of a record would recurse endlessly,
    /// printing the text color of the text color.)</summary>
    public override string ToString() => $"#{R:x2}{G:x2}{B:x2}";

    /// <summary>Blends this color into a pixel: 0 keeps the pixel, 1 replaces it.</summary>
    internal void BlendInto(Span<byte> rgb, float share)
    {
        rgb[0] = (byte)(rgb[0] + (R - rgb[0]) * share + 0.5f);
        rgb[1] = (byte)(rgb[1] + (G - rgb[1]) * share + 0.5f);
        rgb[2] = (byte)(rgb[2] + (B - rgb[2]) * share + 0.5f);
    }

    /// <summary>The color in OpenCV's form for an RGB image.</summary>
    internal Scalar Rgb => new(R, G, B);

    /// <summary>The color in Skia's form.</summary>
    internal SKColor Skia => new(R, G, B);

    private static byte Mix(byte a, byte b, double share) => (byte)Math.Round(a + (b - a) * share);

    private static double Linear(byte value)
    {
        double unit = value / 255.0;
        return unit <= 0.04045 ? unit / 12.92 : Math.Pow((unit + 0.055) / 1.055, 2.4);
    }
}
