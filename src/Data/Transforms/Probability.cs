using System.Runtime.CompilerServices;

namespace Vision.Data;

/// <summary>Checks of what a transform is told.</summary>
internal static class Probability
{
    public static double Checked(double value, [CallerMemberName] string name = "") =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "A probability or a part lies in [0, 1].");
}
