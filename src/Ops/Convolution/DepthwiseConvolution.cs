using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Convolution;

/// <summary>
/// A convolution of each channel by itself on the CPU, with its bias and activation. oneDNN takes as long to find its kernel in each call
/// as a small convolution takes. Inputs and results are channels-last.
/// </summary>
internal sealed unsafe class DepthwiseConvolution : IDisposable
{
    private const int Lanes = 8;

    // Multiplications for which one thread suffices.
    private const long Grain = 32 * 1024;

    private readonly Tensor weight, bias;                  // [kh·kw, C], [C]
    private readonly long channels;
    private readonly int kernelHeight, kernelWidth;
    private readonly ConvolutionGeometry geometry;
    private readonly ConvolutionActivation activation;

    /// <summary>Arranges the weights.</summary>
    /// <param name="weight">float32 [C, 1, kh, kw] with C at least 8.</param>
    /// <param name="bias">float32 [C], or null.</param>
    /// <param name="geometry">How the kernel moves.</param>
    /// <param name="activation">What is applied to the result.</param>
    public DepthwiseConvolution(Tensor weight, Tensor? bias, ConvolutionGeometry geometry, ConvolutionActivation activation)
    {
        using var scope = NewDisposeScope();
        (this.geometry, this.activation, channels) = (geometry, activation, weight.shape[0]);
        (kernelHeight, kernelWidth) = ((int)weight.shape[2], (int)weight.shape[3]);
        this.weight = weight.reshape(channels, -1).t().contiguous().DetachFromDisposeScope();
        this.bias = (bias is null ? zeros(channels) : bias.clone()).DetachFromDisposeScope();
    }

    /// <summary>Whether it can compute a convolution, and is faster than oneDNN's, as measured.</summary>
    /// <param name="weight">The weights' shape, [K, C / groups, kh, kw].</param>
    /// <param name="geometry">How the kernel moves.</param>
    public static bool Pays(long[] weight, ConvolutionGeometry geometry) =>
        weight is [>= Lanes, 1, _, _] && weight[0] == geometry.Groups && Fma.IsSupported;

    /// <summary>Convolves.</summary>
    /// <param name="x">float32 [N, C, H, W], channels-last.</param>
    /// <param name="residual">Added before the activation; of the result's shape, channels-last; may be null.</param>
    /// <returns>[N, C, H', W'], channels-last.</returns>
    public Tensor Call(Tensor x, Tensor? residual = null)
    {
        long[] shape = x.shape;
        (long images, long height, long width) = (shape[0], shape[2], shape[3]);
        long outHeight = geometry.Size(height, kernelHeight, 0), outWidth = geometry.Size(width, kernelWidth, 1);
        Tensor y = FeatureMap.New(images, channels, outHeight, outWidth);
        nint px = (nint)x.Pointer<float>(), py = (nint)y.Pointer<float>(), pr = residual is null ? 0 : (nint)residual.Pointer<float>();
        nint pw = (nint)weight.Pointer<float>(), pb = (nint)bias.Pointer<float>();
        long row = outWidth * channels;
        ParallelLoop.For(images * outHeight, 1 + Grain / Math.Max(1, row * kernelHeight * kernelWidth), (begin, end) =>
        {
            for (long i = begin; i < end; i++)
            {
                float* to = (float*)py + i * row;
                Row((float*)px + i / outHeight * height * width * channels, (float*)pw, (float*)pb, to, i % outHeight, height, width,
                    outWidth);
                if (pr != 0) ResidualAdd.Add(to, (float*)pr + i * row, row, false);
                ActivationPass.Apply(to, row, activation);
            }
        });
        GC.KeepAlive(x);
        GC.KeepAlive(residual);
        return y;
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        weight.Dispose();
        bias.Dispose();
    }

    /// <summary>A row of results: in the middle, where the kernel's columns are inside the image, four pixels at once.</summary>
    private void Row(float* image, float* w, float* bias, float* y, long row, long height, long width, long outWidth)
    {
        const int AtOnce = 4;
        long stride = geometry.Stride[1], padding = geometry.Padding[1], dilation = geometry.Dilation[1];
        long top = row * geometry.Stride[0] - geometry.Padding[0];
        (int firstY, int lastY) = Inside(top, geometry.Dilation[0], kernelHeight, height);
        long line = geometry.Dilation[0] * width * channels, column = dilation * channels;
        image += (top + firstY * geometry.Dilation[0]) * width * channels;
        w += firstY * kernelWidth * channels;
        long middle = Math.Min(outWidth, (padding + stride - 1) / stride);
        long end = width + padding - dilation * (kernelWidth - 1) - 1;                     // of the last pixel's first column, padded
        end = Math.Clamp(end < 0 ? 0 : end / stride + 1, middle, outWidth);
        if (end - middle < AtOnce) end = middle;
        for (long pixel = 0; pixel < outWidth; pixel++)
        {
            if (pixel >= middle && pixel < end)
            {
                pixel = Math.Min(pixel, end - AtOnce);                                      // the last four overlap those before
                Four(image + (pixel * stride - padding) * channels, line, column, stride * channels, lastY - firstY, kernelWidth, w, bias,
                    y + pixel * channels, channels);
                pixel += AtOnce - 1;
                continue;
            }
            long left = pixel * stride - padding;
            (int firstX, int lastX) = Inside(left, dilation, kernelWidth, width);
            One(image + (left + firstX * dilation) * channels, line, column, lastY - firstY, lastX - firstX, kernelWidth,
                w + firstX * channels, bias, y + pixel * channels, channels);
        }
    }

    /// <summary>The kernel's rows, or columns, that lie inside the image; the first is 0 if there are none.</summary>
    private static (int First, int Last) Inside(long start, long dilation, int kernel, long side)
    {
        long first = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
        long last = Math.Min(kernel, start >= side ? 0 : (side - 1 - start) / dilation + 1);
        return first < last ? ((int)first, (int)last) : (0, 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Four(float* x, long line, long column, long pixel, int rows, int columns, float* w, float* bias, float* y,
        long channels)
    {
        long skipped = line - columns * column, most = channels - Lanes;
        for (long c = 0; c < channels; c += 2 * Lanes)
        {
            long i = Math.Min(c, most), j = Math.Min(c + Lanes, most);                     // the last channels may come twice
            Vector256<float> a0 = Vector256.Load(bias + i), a1 = a0, a2 = a0, a3 = a0;
            Vector256<float> b0 = Vector256.Load(bias + j), b1 = b0, b2 = b0, b3 = b0;
            float* from = x, weights = w;
            for (int row = 0; row < rows; row++, from += skipped)
            {
                for (int k = 0; k < columns; k++, from += column, weights += channels)
                {
                    Vector256<float> left = Vector256.Load(weights + i), right = Vector256.Load(weights + j);
                    float* next = from;
                    a0 = Vector256.FusedMultiplyAdd(Vector256.Load(next + i), left, a0);
                    b0 = Vector256.FusedMultiplyAdd(Vector256.Load(next + j), right, b0);
                    next += pixel;
                    a1 = Vector256.FusedMultiplyAdd(Vector256.Load(next + i), left, a1);
                    b1 = Vector256.FusedMultiplyAdd(Vector256.Load(next + j), right, b1);
                    next += pixel;
                    a2 = Vector256.FusedMultiplyAdd(Vector256.Load(next + i), left, a2);
                    b2 = Vector256.FusedMultiplyAdd(Vector256.Load(next + j), right, b2);
                    next += pixel;
                    a3 = Vector256.FusedMultiplyAdd(Vector256.Load(next + i), left, a3);
                    b3 = Vector256.FusedMultiplyAdd(Vector256.Load(next + j), right, b3);
                }
            }
            float* to = y;
            a0.Store(to + i);
            b0.Store(to + j);
            to += channels;
            a1.Store(to + i);
            b1.Store(to + j);
            to += channels;
            a2.Store(to + i);
            b2.Store(to + j);
            to += channels;
            a3.Store(to + i);
            b3.Store(to + j);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void One(float* x, long line, long column, int rows, int columns, int kernelWidth, float* w, float* bias, float* y,
        long channels)
    {
        long skipped = line - columns * column, skippedWeights = (kernelWidth - columns) * channels, most = channels - Lanes;
        for (long c = 0; c < channels; c += 4 * Lanes)
        {
            long i0 = Math.Min(c, most), i1 = Math.Min(c + Lanes, most), i2 = Math.Min(c + 2 * Lanes, most),
                i3 = Math.Min(c + 3 * Lanes, most);
            Vector256<float> a0 = Vector256.Load(bias + i0), a1 = Vector256.Load(bias + i1), a2 = Vector256.Load(bias + i2),
                a3 = Vector256.Load(bias + i3);
            float* from = x, weights = w;
            for (int row = 0; row < rows; row++, from += skipped, weights += skippedWeights)
            {
                for (int k = 0; k < columns; k++, from += column, weights += channels)
                {
                    a0 = Vector256.FusedMultiplyAdd(Vector256.Load(from + i0), Vector256.Load(weights + i0), a0);
                    a1 = Vector256.FusedMultiplyAdd(Vector256.Load(from + i1), Vector256.Load(weights + i1), a1);
                    a2 = Vector256.FusedMultiplyAdd(Vector256.Load(from + i2), Vector256.Load(weights + i2), a2);
                    a3 = Vector256.FusedMultiplyAdd(Vector256.Load(from + i3), Vector256.Load(weights + i3), a3);
                }
            }
            a0.Store(y + i0);
            a1.Store(y + i1);
            a2.Store(y + i2);
            a3.Store(y + i3);
        }
    }
}
