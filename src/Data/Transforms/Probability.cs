using System.Runtime.CompilerServices;

namespace Vision.Data;

/// <summary>Checks the parameters of transforms.</summary>
internal static class Probability
{
    public static double Checked(double value, [CallerMemberName] string name = "") =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "A probability or fraction must be in [0, 1].");
}
