using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Convolution;

/// <summary>
/// A 1×1 convolution of stride 1 on the CPU: a matrix product, with its bias and activation. oneDNN takes as long to find its kernel in
/// each call as a small product takes. Inputs and results are channels-last.
/// </summary>
internal sealed unsafe class PointwiseConvolution : IDisposable
{
    // Multiplications for which one thread suffices.
    private const long Grain = 64 * 1024;

    // Values of the pixels that all panels pass over in turn, and of their results: they stay in the second cache.
    private const long ValuesAtOnce = 64 * 1024;

    // oneDNN's kernels for AVX-512 are as fast as the processor: they lose where finding them takes longer, or where a block of theirs is
    // mostly empty.
    private const long MostWithAvx512 = 8_000_000, NarrowWithAvx512 = 64;

    private readonly Tensor panels, bias;                  // [⌈K / 16⌉, C, 16], [⌈K / 16⌉·16]
    private readonly long channels, filters;
    private readonly ConvolutionActivation activation;

    /// <summary>Packs the weights.</summary>
    /// <param name="weight">float32 [K, C, 1, 1].</param>
    /// <param name="bias">float32 [K], or null.</param>
    /// <param name="activation">What is applied to the result.</param>
    public PointwiseConvolution(Tensor weight, Tensor? bias, ConvolutionActivation activation)
    {
        using var scope = NewDisposeScope();
        (filters, channels) = (weight.shape[0], weight.shape[1]);
        this.activation = activation;
        long missing = (PointwiseTiles.Panel - filters % PointwiseTiles.Panel) % PointwiseTiles.Panel;
        panels = nn.functional.pad(weight.reshape(filters, channels), [0, 0, 0, missing]).view(-1, PointwiseTiles.Panel, channels)
            .transpose(1, 2).contiguous().DetachFromDisposeScope();
        this.bias = (bias is null ? zeros(filters + missing) : nn.functional.pad(bias, [0, missing])).DetachFromDisposeScope();
    }

    /// <summary>Whether it is faster than oneDNN's convolution, as measured.</summary>
    /// <param name="weight">The weights' shape, [K, C, kh, kw].</param>
    /// <param name="geometry">How the kernel moves.</param>
    /// <param name="input">The input's shape, [N, C, H, W].</param>
    public static bool Pays(long[] weight, ConvolutionGeometry geometry, long[] input) =>
        weight is [var k, var c, 1, 1] && geometry is { Groups: 1, Stride: [1, 1], Padding: [0, 0] } && Fma.IsSupported
        && (!Avx512F.IsSupported || Math.Min(k, c) < NarrowWithAvx512 || k * c * input[0] * input[2] * input[3] <= MostWithAvx512);

    /// <summary>Convolves.</summary>
    /// <param name="x">float32 [N, C, H, W], channels-last.</param>
    /// <param name="residual">Added before the activation; [N, K, h, w], channels-last; resized to the result's size by nearest
    /// interpolation; may be null.</param>
    /// <returns>[N, K, H, W], channels-last.</returns>
    public Tensor Call(Tensor x, Tensor? residual = null)
    {
        long[] shape = x.shape;
        Tensor y = FeatureMap.New(shape[0], filters, shape[2], shape[3]);
        NearestPixels nearest = residual is null ? default : new(shape[2], shape[3], residual.shape[2], residual.shape[3]);
        Multiply(x.Pointer<float>(), residual is null ? null : residual.Pointer<float>(), nearest, y.Pointer<float>(),
            shape[0] * shape[2] * shape[3]);
        GC.KeepAlive(x);
        GC.KeepAlive(residual);
        return y;
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        panels.Dispose();
        bias.Dispose();
    }

    private void Multiply(float* x, float* residual, NearestPixels nearest, float* y, long pixels)
    {
        nint px = (nint)x, pr = (nint)residual, py = (nint)y, pw = (nint)panels.Pointer<float>(), pb = (nint)bias.Pointer<float>();
        long count = panels.shape[0], threads = get_num_threads();
        // Threads share the pixels if there are many, else the panels.
        if (pixels >= 8 * PointwiseTiles.Pixels * threads)
        {
            long atOnce = Math.Max(1, ValuesAtOnce / (channels + filters) / PointwiseTiles.Pixels) * PointwiseTiles.Pixels;
            ParallelLoop.For(pixels, Math.Max(PointwiseTiles.Pixels, Grain / (channels * filters)), (begin, end) =>
            {
                for (long first = begin; first < end; first += atOnce)
                    Part((float*)px, (float*)pr, nearest, (float*)pw, (float*)pb, (float*)py, first, Math.Min(first + atOnce, end), 0,
                        count);
            });
        }
        else
        {
            ParallelLoop.For(count, Math.Max(1, Grain / (channels * PointwiseTiles.Panel * pixels)), (begin, end) =>
                Part((float*)px, (float*)pr, nearest, (float*)pw, (float*)pb, (float*)py, 0, pixels, begin, end));
        }
    }

    /// <summary>The results of some pixels and panels.</summary>
    private void Part(float* x, float* residual, NearestPixels nearest, float* panels, float* bias, float* y, long firstPixel,
        long lastPixel, long firstPanel, long lastPanel)
    {
        if (lastPixel - firstPixel < PointwiseTiles.Pixels)
            for (long pixel = firstPixel; pixel < lastPixel; pixel++)
                Row(x + pixel * channels, panels, bias, y + pixel * filters, firstPanel, lastPanel);
        else
            for (long panel = firstPanel; panel < lastPanel; panel++)
                Column(x, panels + panel * channels * PointwiseTiles.Panel, bias + panel * PointwiseTiles.Panel,
                    y + panel * PointwiseTiles.Panel, firstPixel, lastPixel, Math.Min(PointwiseTiles.Panel,
                    filters - panel * PointwiseTiles.Panel));

        long firstFilter = firstPanel * PointwiseTiles.Panel, width = Math.Min(lastPanel * PointwiseTiles.Panel, filters) - firstFilter;
        bool resizes = residual is not null && !nearest.AreTheSame;
        if (width == filters && !resizes)
        {
            width *= lastPixel - firstPixel;               // the pixels' results follow one another
            lastPixel = firstPixel + 1;
        }
        for (long pixel = firstPixel; pixel < lastPixel; pixel++)
        {
            long at = pixel * filters + firstFilter;
            long from = resizes ? nearest[pixel] * filters + firstFilter : at;
            if (residual is not null) ResidualAdd.Add(y + at, residual + from, width, activation == ConvolutionActivation.Relu);
            if (residual is null || activation != ConvolutionActivation.Relu) ActivationPass.Apply(y + at, width, activation);
        }
    }

    private void Row(float* x, float* panels, float* bias, float* y, long first, long last)
    {
        const int AtOnce = 4;
        float* sums = stackalloc float[AtOnce * PointwiseTiles.Panel];
        for (long panel = first; panel < last; panel += AtOnce)
        {
            long at = panel * PointwiseTiles.Panel, count = Math.Min(AtOnce, last - panel);
            PointwiseTiles.One(x, channels, panels + at * channels, count, bias + at, sums);
            long width = Math.Min(count * PointwiseTiles.Panel, filters - at);
            new ReadOnlySpan<float>(sums, (int)width).CopyTo(new(y + at, (int)width));
        }
    }

    private void Column(float* x, float* panel, float* bias, float* y, long first, long last, long width)
    {
        float* sums = stackalloc float[PointwiseTiles.Pixels * PointwiseTiles.Panel];
        for (long pixel = first; pixel < last; pixel += PointwiseTiles.Pixels)
        {
            pixel = Math.Min(pixel, last - PointwiseTiles.Pixels);          // the last tile overlaps the one before
            float* from = x + pixel * channels, to = y + pixel * filters;
            switch (width)
            {
                case PointwiseTiles.Panel: PointwiseTiles.Six(from, channels, channels, panel, bias, to, filters); continue;
                case PointwiseTiles.Panel / 2: PointwiseTiles.SixHalf(from, channels, channels, panel, bias, to, filters); continue;
            }
            PointwiseTiles.Six(from, channels, channels, panel, bias, sums, PointwiseTiles.Panel);
            for (int i = 0; i < PointwiseTiles.Pixels; i++)
                new ReadOnlySpan<float>(sums + i * PointwiseTiles.Panel, (int)width).CopyTo(new(to + i * filters, (int)width));
        }
    }
}
