using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Vision.Ops.Convolution;

/// <summary>
/// Products of pixels with panels of weights. A panel is the weights of 16 filters, [C, 16]; pixels are rows of C values. Sums stay in
/// registers: six pixels with a panel, or one pixel with four panels.
/// </summary>
internal static unsafe class PointwiseTiles
{
    /// <summary>Filters of a panel.</summary>
    public const int Panel = 16;

    /// <summary>Pixels of a tile.</summary>
    public const int Pixels = 6;

    private const int Lanes = 8;

    /// <summary>Six pixels with a panel.</summary>
    /// <param name="x">The first pixel.</param>
    /// <param name="step">From one pixel to the next.</param>
    /// <param name="channels">C.</param>
    /// <param name="w">The panel.</param>
    /// <param name="bias">16 values.</param>
    /// <param name="y">The first result.</param>
    /// <param name="stepOfY">From one pixel's results to the next.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Six(float* x, long step, long channels, float* w, float* bias, float* y, long stepOfY)
    {
        float* x0 = x, x1 = x0 + step, x2 = x1 + step, x3 = x2 + step, x4 = x3 + step, x5 = x4 + step;
        Vector256<float> left = Vector256.Load(bias), right = Vector256.Load(bias + Lanes);
        Vector256<float> a0 = left, a1 = left, a2 = left, a3 = left, a4 = left, a5 = left;
        Vector256<float> b0 = right, b1 = right, b2 = right, b3 = right, b4 = right, b5 = right;
        for (long c = 0; c < channels; c++, w += Panel)
        {
            left = Vector256.Load(w);
            right = Vector256.Load(w + Lanes);
            Vector256<float> value = Vector256.Create(x0[c]);
            a0 = Vector256.FusedMultiplyAdd(value, left, a0);
            b0 = Vector256.FusedMultiplyAdd(value, right, b0);
            value = Vector256.Create(x1[c]);
            a1 = Vector256.FusedMultiplyAdd(value, left, a1);
            b1 = Vector256.FusedMultiplyAdd(value, right, b1);
            value = Vector256.Create(x2[c]);
            a2 = Vector256.FusedMultiplyAdd(value, left, a2);
            b2 = Vector256.FusedMultiplyAdd(value, right, b2);
            value = Vector256.Create(x3[c]);
            a3 = Vector256.FusedMultiplyAdd(value, left, a3);
            b3 = Vector256.FusedMultiplyAdd(value, right, b3);
            value = Vector256.Create(x4[c]);
            a4 = Vector256.FusedMultiplyAdd(value, left, a4);
            b4 = Vector256.FusedMultiplyAdd(value, right, b4);
            value = Vector256.Create(x5[c]);
            a5 = Vector256.FusedMultiplyAdd(value, left, a5);
            b5 = Vector256.FusedMultiplyAdd(value, right, b5);
        }
        Store(a0, b0, y);
        Store(a1, b1, y += stepOfY);
        Store(a2, b2, y += stepOfY);
        Store(a3, b3, y += stepOfY);
        Store(a4, b4, y += stepOfY);
        Store(a5, b5, y + stepOfY);
    }

    /// <summary>Six pixels with the first half of a panel.</summary>
    /// <inheritdoc cref="Six"/>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void SixHalf(float* x, long step, long channels, float* w, float* bias, float* y, long stepOfY)
    {
        float* x0 = x, x1 = x0 + step, x2 = x1 + step, x3 = x2 + step, x4 = x3 + step, x5 = x4 + step;
        Vector256<float> a0 = Vector256.Load(bias), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0;
        for (long c = 0; c < channels; c++, w += Panel)
        {
            Vector256<float> weights = Vector256.Load(w);
            a0 = Vector256.FusedMultiplyAdd(Vector256.Create(x0[c]), weights, a0);
            a1 = Vector256.FusedMultiplyAdd(Vector256.Create(x1[c]), weights, a1);
            a2 = Vector256.FusedMultiplyAdd(Vector256.Create(x2[c]), weights, a2);
            a3 = Vector256.FusedMultiplyAdd(Vector256.Create(x3[c]), weights, a3);
            a4 = Vector256.FusedMultiplyAdd(Vector256.Create(x4[c]), weights, a4);
            a5 = Vector256.FusedMultiplyAdd(Vector256.Create(x5[c]), weights, a5);
        }
        a0.Store(y);
        a1.Store(y += stepOfY);
        a2.Store(y += stepOfY);
        a3.Store(y += stepOfY);
        a4.Store(y += stepOfY);
        a5.Store(y + stepOfY);
    }

    /// <summary>One pixel with up to four panels.</summary>
    /// <param name="x">The pixel.</param>
    /// <param name="channels">C.</param>
    /// <param name="w">The first panel; the others follow it.</param>
    /// <param name="panels">How many there are, 1 to 4.</param>
    /// <param name="bias">16 values for each.</param>
    /// <param name="y">The results; there is room for four panels.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void One(float* x, long channels, float* w, long panels, float* bias, float* y)
    {
        // In the place of those that are missing, the last.
        long second = Math.Min(1, panels - 1), third = Math.Min(2, panels - 1), fourth = panels - 1;
        float* w0 = w, w1 = w + second * Panel * channels, w2 = w + third * Panel * channels, w3 = w + fourth * Panel * channels;
        Vector256<float> a0 = Vector256.Load(bias), b0 = Vector256.Load(bias + Lanes);
        Vector256<float> a1 = Vector256.Load(bias + second * Panel), b1 = Vector256.Load(bias + second * Panel + Lanes);
        Vector256<float> a2 = Vector256.Load(bias + third * Panel), b2 = Vector256.Load(bias + third * Panel + Lanes);
        Vector256<float> a3 = Vector256.Load(bias + fourth * Panel), b3 = Vector256.Load(bias + fourth * Panel + Lanes);
        for (long c = 0; c < channels; c++)
        {
            Vector256<float> value = Vector256.Create(x[c]);
            long at = c * Panel;
            a0 = Vector256.FusedMultiplyAdd(value, Vector256.Load(w0 + at), a0);
            b0 = Vector256.FusedMultiplyAdd(value, Vector256.Load(w0 + at + Lanes), b0);
            a1 = Vector256.FusedMultiplyAdd(value, Vector256.Load(w1 + at), a1);
            b1 = Vector256.FusedMultiplyAdd(value, Vector256.Load(w1 + at + Lanes), b1);
            a2 = Vector256.FusedMultiplyAdd(value, Vector256.Load(w2 + at), a2);
            b2 = Vector256.FusedMultiplyAdd(value, Vector256.Load(w2 + at + Lanes), b2);
            a3 = Vector256.FusedMultiplyAdd(value, Vector256.Load(w3 + at), a3);
            b3 = Vector256.FusedMultiplyAdd(value, Vector256.Load(w3 + at + Lanes), b3);
        }
        Store(a0, b0, y);
        Store(a1, b1, y + Panel);
        Store(a2, b2, y + 2 * Panel);
        Store(a3, b3, y + 3 * Panel);
    }

    private static void Store(Vector256<float> left, Vector256<float> right, float* y)
    {
        left.Store(y);
        right.Store(y + Lanes);
    }
}
