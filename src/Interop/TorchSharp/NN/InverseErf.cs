namespace TorchSharp;

/// <summary>
/// The inverse error function in single precision, by Giles' polynomials ("Approximating the erfinv function", GPU Computing Gems 2, 2010).
/// libtorch's takes some 120 ns a number: half a minute for the initial values of the largest networks.
/// </summary>
internal static class InverseErf
{
    private const int Chunk = 1 << 16;

    // Of w = -ln(1 - x²): the first where w < 5, in w - 2.5; the second beyond, in √w - 3. Highest power first.
    private static readonly float[] central =
        [2.81022636e-08f, 3.43273939e-07f, -3.5233877e-06f, -4.39150654e-06f, 0.00021858087f, -0.00125372503f, -0.00417768164f, 0.246640727f, 1.50140941f];
    private static readonly float[] tail =
        [-0.000200214257f, 0.000100950558f, 0.00134934322f, -0.00367342844f, 0.00573950773f, -0.0076224613f, 0.00943887047f, 1.00167406f, 2.83297682f];

    /// <summary>Replaces each number of [-1, 1] by its inverse, which is infinite at the ends; on all cores. Relative error up to 4e-7.</summary>
    public static unsafe void InPlace(float* values, long count) =>
        Parallel.For(0, (count + Chunk - 1) / Chunk, chunk =>
        {
            long start = chunk * Chunk;
            foreach (ref float value in new Span<float>(values + start, (int)Math.Min(Chunk, count - start))) value = Of(value);
        });

    private static float Of(float x)
    {
        float w = -MathF.Log((1 - x) * (1 + x));
        if (float.IsInfinity(w)) return x * w;
        return w < 5 ? Polynomial(central, w - 2.5f) * x : Polynomial(tail, MathF.Sqrt(w) - 3) * x;
    }

    private static float Polynomial(ReadOnlySpan<float> coefficients, float w)
    {
        float sum = coefficients[0];
        foreach (float coefficient in coefficients[1..]) sum = MathF.FusedMultiplyAdd(sum, w, coefficient);
        return sum;
    }
}
