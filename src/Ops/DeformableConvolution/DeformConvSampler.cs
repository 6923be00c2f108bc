using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Vision.Ops.DeformableConvolution;

/// <summary>
/// The kernels of a deformable convolution over one band of one channels-last image: a sample is then the weighted sum of four rows of
/// channels. Every result is summed by one thread in a fixed order, so it does not depend on the number of threads.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class DeformConvSampler<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int height, width, channels, places, offsetGroups, groupChannels, outWidth, stride;
    private readonly nint positions, first, count;
    private readonly ChannelRun[] runs;
    private readonly int[] placeRows, placeColumns;         // [K]: the taps of a kernel at row 0, column 0
    private readonly T* pixels, offset, mask, outside;

    /// <summary>Samples one band.</summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="band">The band.</param>
    /// <param name="pixels">[H·W, C], of the band's image.</param>
    /// <param name="offset">[N, 2·G·K, P], of all images.</param>
    /// <param name="mask">[N, G·K, P], or null.</param>
    /// <param name="outside">[C] zeros, the pixel value outside the image.</param>
    public DeformConvSampler(DeformConvGeometry geometry, DeformConvBand band, T* pixels, T* offset, T* mask, T* outside)
    {
        (height, width, channels) = ((int)geometry.Height, (int)geometry.Width, (int)geometry.Channels);
        (places, offsetGroups) = ((int)geometry.Places, (int)geometry.OffsetGroups);
        (outWidth, stride) = ((int)geometry.OutWidth, (int)geometry.Stride);
        groupChannels = (int)(geometry.Channels / geometry.Groups);
        (positions, first, count) = ((nint)geometry.Positions, (nint)band.First, (nint)band.Count);
        runs = ChannelRun.Of(geometry);
        (int kernelWidth, int dilation, int padding) = ((int)geometry.KernelWidth, (int)geometry.Dilation, (int)geometry.Padding);
        placeRows = [.. Enumerable.Range(0, places).Select(place => place / kernelWidth * dilation - padding)];
        placeColumns = [.. Enumerable.Range(0, places).Select(place => place % kernelWidth * dilation - padding)];
        this.pixels = pixels;
        this.outside = outside;
        nint samples = (nint)band.Image * offsetGroups * places * positions;
        this.offset = offset + 2 * samples;
        this.mask = mask != null ? mask + samples : null;
    }

    /// <summary>Samples at the band's positions [begin, end).</summary>
    /// <param name="begin">The first position, relative to the band's first.</param>
    /// <param name="end">The position after the last.</param>
    /// <param name="columns">Receives [groups, positions of the band, K, C/groups].</param>
    // NoInlining: otherwise the JIT may inline it into the calling lambda, and no longer inline its own callees.
    [SkipLocalsInit, MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public void Columns(nint begin, nint end, T* columns)
    {
        for (nint position = begin; position < end; position++)
        {
            (nint row, nint column) = Math.DivRem(first + position, outWidth);
            for (int place = 0; place < places; place++)
            {
                int group = -1;
                T topLeft = T.Zero, topRight = T.Zero, bottomLeft = T.Zero, bottomRight = T.Zero;
                Sample<T> sample = default;
                foreach (ref readonly ChannelRun run in runs.AsSpan())
                {
                    if (run.OffsetGroup != group)
                    {
                        group = run.OffsetGroup;
                        sample = SampleAt(position, (int)row, (int)column, place, group);
                        (topLeft, topRight, bottomLeft, bottomRight) = Weights(sample);
                    }
                    T* target = Column(columns, run, position, place);
                    T* a = Pixel(sample.TopLeft) + run.First, b = Pixel(sample.TopRight) + run.First;
                    T* c = Pixel(sample.BottomLeft) + run.First, d = Pixel(sample.BottomRight) + run.First;
                    int i = 0;
                    for (; i <= run.Count - Vector256<T>.Count; i += Vector256<T>.Count)
                    {
                        Vector256<T> sum = Vector256.Load(a + i) * topLeft;
                        sum = MultiplyAdd(Vector256.Load(b + i), Vector256.Create(topRight), sum);
                        sum = MultiplyAdd(Vector256.Load(c + i), Vector256.Create(bottomLeft), sum);
                        MultiplyAdd(Vector256.Load(d + i), Vector256.Create(bottomRight), sum).Store(target + i);
                    }
                    for (; i < run.Count; i++) target[i] = a[i] * topLeft + b[i] * topRight + c[i] * bottomLeft + d[i] * bottomRight;
                }
            }
        }
    }

    /// <summary>
    /// The gradients of offsets and mask at the band's positions [begin, end): the derivatives of each sample in its two directions,
    /// multiplied with the gradient of the sampled values. Stores the samples for <see cref="Scatter"/>.
    /// </summary>
    /// <param name="begin">The first position, relative to the band's first.</param>
    /// <param name="end">The position after the last.</param>
    /// <param name="gradColumns">[groups, positions of the band, K, C/groups].</param>
    /// <param name="gradOffset">Receives [2·G·K, P], of the band's image; null if not needed.</param>
    /// <param name="gradMask">Receives [G·K, P], of the band's image; null if not needed.</param>
    /// <param name="samples">Receives [positions of the band, K, G].</param>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public void Slopes(nint begin, nint end, T* gradColumns, T* gradOffset, T* gradMask, Sample<T>* samples)
    {
        ReadOnlySpan<ChannelRun> runs = this.runs;
        for (nint position = begin; position < end; position++)
        {
            (nint row, nint column) = Math.DivRem(first + position, outWidth);
            for (int place = 0; place < places; place++)
            {
                for (int next = 0; next < runs.Length;)
                {
                    int group = runs[next].OffsetGroup;
                    Sample<T> sample = SampleAt(position, (int)row, (int)column, place, group);
                    samples[(position * places + place) * offsetGroups + group] = sample;
                    Vector256<T> aSum = default, bSum = default, cSum = default, dSum = default;
                    T aRest = T.Zero, bRest = T.Zero, cRest = T.Zero, dRest = T.Zero;
                    for (; next < runs.Length && runs[next].OffsetGroup == group; next++)
                    {
                        ChannelRun run = runs[next];
                        T* gradient = Column(gradColumns, run, position, place);
                        T* a = Pixel(sample.TopLeft) + run.First, b = Pixel(sample.TopRight) + run.First;
                        T* c = Pixel(sample.BottomLeft) + run.First, d = Pixel(sample.BottomRight) + run.First;
                        int i = 0;
                        for (; i <= run.Count - Vector256<T>.Count; i += Vector256<T>.Count)
                        {
                            Vector256<T> values = Vector256.Load(gradient + i);
                            aSum = MultiplyAdd(Vector256.Load(a + i), values, aSum);
                            bSum = MultiplyAdd(Vector256.Load(b + i), values, bSum);
                            cSum = MultiplyAdd(Vector256.Load(c + i), values, cSum);
                            dSum = MultiplyAdd(Vector256.Load(d + i), values, dSum);
                        }
                        for (; i < run.Count; i++)
                        {
                            aRest += a[i] * gradient[i];
                            bRest += b[i] * gradient[i];
                            cRest += c[i] * gradient[i];
                            dRest += d[i] * gradient[i];
                        }
                    }
                    T topLeft = Vector256.Sum(aSum) + aRest, topRight = Vector256.Sum(bSum) + bRest;
                    T bottomLeft = Vector256.Sum(cSum) + cRest, bottomRight = Vector256.Sum(dSum) + dRest;
                    T top = topLeft + sample.Right * (topRight - topLeft), bottom = bottomLeft + sample.Right * (bottomRight - bottomLeft);
                    nint entry = (nint)(group * places + place), at = first + position;
                    if (gradOffset != null)
                    {
                        gradOffset[2 * entry * positions + at] = sample.Factor * (bottom - top);
                        gradOffset[(2 * entry + 1) * positions + at] =
                            sample.Factor * ((T.One - sample.Down) * (topRight - topLeft) + sample.Down * (bottomRight - bottomLeft));
                    }
                    if (gradMask != null) gradMask[entry * positions + at] = top + sample.Down * (bottom - top);
                }
            }
        }
    }

    /// <summary>Adds the whole band's gradients to channels [begin, end) of the pixels' gradients.</summary>
    /// <param name="begin">The first channel.</param>
    /// <param name="end">The channel after the last.</param>
    /// <param name="gradColumns">[groups, positions of the band, K, C/groups].</param>
    /// <param name="samples">[positions of the band, K, G].</param>
    /// <param name="gradPixels">[H·W, C].</param>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public void Scatter(int begin, int end, T* gradColumns, Sample<T>* samples, T* gradPixels)
    {
        ChannelRun[] mine = [.. runs.Select(run => run.Within(begin, end)).Where(run => run.Count > 0)];
        for (nint position = 0; position < count; position++)
        {
            for (int place = 0; place < places; place++)
            {
                foreach (ref readonly ChannelRun run in mine.AsSpan())
                {
                    ref readonly Sample<T> sample = ref samples[(position * places + place) * offsetGroups + run.OffsetGroup];
                    (T topLeft, T topRight, T bottomLeft, T bottomRight) = Weights(sample);
                    T* gradient = Column(gradColumns, run, position, place), first = gradPixels + run.First;
                    if (sample.TopLeft >= 0) Add(gradient, topLeft, first + (nint)sample.TopLeft * channels, run.Count);
                    if (sample.TopRight >= 0) Add(gradient, topRight, first + (nint)sample.TopRight * channels, run.Count);
                    if (sample.BottomLeft >= 0) Add(gradient, bottomLeft, first + (nint)sample.BottomLeft * channels, run.Count);
                    if (sample.BottomRight >= 0) Add(gradient, bottomRight, first + (nint)sample.BottomRight * channels, run.Count);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T* source, T factor, T* target, int count)
    {
        int i = 0;
        for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count)
            MultiplyAdd(Vector256.Load(source + i), Vector256.Create(factor), Vector256.Load(target + i)).Store(target + i);
        for (; i < count; i++) target[i] += source[i] * factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T TopLeft, T TopRight, T BottomLeft, T BottomRight) Weights(in Sample<T> sample)
    {
        T top = sample.Factor * (T.One - sample.Down), bottom = sample.Factor * sample.Down, left = T.One - sample.Right;
        return (top * left, top * sample.Right, bottom * left, bottom * sample.Right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> MultiplyAdd(Vector256<T> a, Vector256<T> b, Vector256<T> sum) => typeof(T) == typeof(float)
        ? Vector256.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), sum.AsSingle()).As<float, T>()
        : Vector256.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), sum.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T* Pixel(int pixel) => pixel < 0 ? outside : pixels + (nint)pixel * channels;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T* Column(T* columns, in ChannelRun run, nint position, int place) =>
        columns + ((run.Group * count + position) * places + place) * groupChannels + (run.First - run.Group * groupChannels);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Sample<T> SampleAt(nint position, int row, int column, int place, int group)
    {
        nint entry = (nint)(group * places + place), at = first + position;
        T y = T.CreateTruncating(row * stride + placeRows[place]) + offset[2 * entry * positions + at];
        T x = T.CreateTruncating(column * stride + placeColumns[place]) + offset[(2 * entry + 1) * positions + at];
        // Two pixels beyond the border nothing is sampled, so farther positions are clamped; NaN is kept.
        y = T.Clamp(y, T.CreateTruncating(-2), T.CreateTruncating(height + 1));
        x = T.Clamp(x, T.CreateTruncating(-2), T.CreateTruncating(width + 1));
        T top = T.Floor(y), left = T.Floor(x);
        T factor = mask != null ? mask[entry * positions + at] : T.One;
        return new(int.CreateTruncating(top), int.CreateTruncating(left), height, width, y - top, x - left, factor);
    }
}
