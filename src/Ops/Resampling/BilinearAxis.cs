using System.Runtime.CompilerServices;

namespace Vision.Ops.Resampling;

/// <summary>Bilinear interpolation along one axis, without aligned corners and antialiasing: each target pixel is
/// (1 − share) · source[low] + share · source[high]. The places are rounded like libtorch's.</summary>
internal sealed class BilinearAxis
{
    /// <summary>The interpolation of <paramref name="source"/> pixels at <paramref name="target"/> places.</summary>
    public BilinearAxis(int source, int target)
    {
        (Low, High, Share) = (new int[target], new int[target], new float[target]);
        float scale = (float)source / target;
        for (int i = 0; i < target; i++)
        {
            float place = MathF.Max(scale * (i + 0.5f) - 0.5f, 0);
            Low[i] = Math.Min((int)place, source - 1);
            High[i] = Math.Min(Low[i] + 1, source - 1);
            Share[i] = Math.Clamp(place - Low[i], 0, 1);
        }
    }

    /// <summary>Resizes a line.</summary>
    /// <param name="from">The source pixels.</param>
    /// <param name="to">The target pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Resize(float* from, float* to)
    {
        int[] lows = Low, highs = High;
        float[] shares = Share;
        for (int x = 0; x < shares.Length; x++)
        {
            float low = from[lows[x]];
            to[x] = low + (from[highs[x]] - low) * shares[x];
        }
    }

    /// <summary>The lower source pixel of each target pixel.</summary>
    public int[] Low { get; }

    /// <summary>The upper source pixel of each target pixel.</summary>
    public int[] High { get; }

    /// <summary>The share of the upper source pixel in each target pixel, in [0, 1].</summary>
    public float[] Share { get; }
}
