using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Vision.Ops.RoiAlignment;

/// <summary>Vectors of float or double: operations that .NET has for each type separately, and sizes that depend on their length.</summary>
internal static class Lanes<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Number of values per vector.</summary>
    public static int Count => Vector256<T>.Count;

    /// <summary>The smallest multiple of a vector's length that is at least <paramref name="count"/>.</summary>
    public static long RoundUp(long count) => (count + Count - 1) / Count * Count;

    /// <summary>left · right + addend, rounded once if the machine supports it, otherwise twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd(Vector256<T> left, Vector256<T> right, Vector256<T> addend) => typeof(T) == typeof(float)
        ? Vector256.MultiplyAddEstimate(left.AsSingle(), right.AsSingle(), addend.AsSingle()).As<float, T>()
        : Vector256.MultiplyAddEstimate(left.AsDouble(), right.AsDouble(), addend.AsDouble()).As<double, T>();
}
