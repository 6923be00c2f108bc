using System.Globalization;

namespace Vision.Visualization;

/// <summary>The range of an axis, from one round number to another, and its ticks.</summary>
internal sealed class Axis
{
    private readonly double step;

    private Axis(double min, double max, double step) => (Min, Max, this.step) = (min, max, step);

    public double Min { get; }

    public double Max { get; }

    /// <summary>Exactly the range that is given.</summary>
    public static Axis Fixed(double min, double max, double step) => new(min, max, step);

    /// <summary>The smallest range between round numbers (1, 2 or 5 times a power of ten) that holds the one given, in about six steps.</summary>
    public static Axis Around(double min, double max)
    {
        // Values that differ in their last digits alone are taken for one: no text of a tick could tell them apart.
        if (max - min <= 1e-9 * Math.Abs(min)) max = min + (min == 0 ? 1 : Math.Abs(min));
        double rough = (max - min) / 6, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        return new Axis(Math.Floor(min / step + 1e-9) * step, Math.Ceiling(max / step - 1e-9) * step, step);
    }

    /// <summary>Where the value lies: 0 at the lower end, 1 at the upper.</summary>
    public double Share(double value) => (value - Min) / (Max - Min);

    /// <summary>The values that are marked, with their text.</summary>
    public IEnumerable<(double Value, string Text)> Ticks()
    {
        int decimals = (int)Math.Clamp(-Math.Floor(Math.Log10(step) + 1e-9), 0, 15);
        bool exponents = Math.Max(Math.Abs(Min), Math.Abs(Max)) >= 1e6 || step < 1e-4;
        for (double i = Math.Ceiling(Min / step - 1e-9); i * step <= Max + step * 1e-9; i++)
        {
            // Adding 0 makes −0 a 0, which has no sign in text.
            double value = i * step + 0.0;
            yield return (value, value.ToString(exponents ? "0.###e0" : $"F{decimals}", CultureInfo.InvariantCulture));
        }
    }
}
