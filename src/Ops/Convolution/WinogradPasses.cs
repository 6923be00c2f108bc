using Vision.Ops.Libtorch;
using static TorchSharp.torch;
using static Vision.Ops.Convolution.WinogradTransforms;

namespace Vision.Ops.Convolution;

/// <summary>The transforms of <see cref="WinogradTransforms"/> for successive tiles of a grid, on libtorch's threads. Images are float32,
/// channels-last, with a multiple of <see cref="Lanes"/> channels where nothing else is said.</summary>
internal static unsafe class WinogradPasses
{
    private const long Grain = 16;

    /// <summary>Transforms the patches that the tiles depend on.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="zeros">[C]: what lies outside of the images.</param>
    /// <param name="patches">The result, [T, 36, C].</param>
    /// <param name="grid">The tiles.</param>
    /// <param name="first">The first one.</param>
    public static void Split(Tensor x, Tensor zeros, Tensor patches, WinogradGrid grid, long first)
    {
        (int c, int height, int width, int step) = ((int)x.shape[1], (int)x.shape[2], (int)x.shape[3], grid.Dilation);
        (nint from, nint outside, nint to) = ((nint)x.Pointer<float>(), (nint)zeros.Pointer<float>(), (nint)patches.Pointer<float>());
        ParallelLoop.For(patches.shape[0], Grain, (begin, end) =>
        {
            for (long t = begin; t < end; t++)
            {
                (long image, int top, int left) = grid[first + t];
                WinogradTransforms.Split((float*)from + image * height * width * c, (float*)outside, (float*)to + t * Products * c,
                    top - step, left - step, step, height, width, c);
            }
        });
    }

    /// <summary>Transforms products into the tiles of results.</summary>
    /// <param name="products">[T, 36, filters rounded up], of which only the last dimension need be contiguous.</param>
    /// <param name="bias">[filters rounded up].</param>
    /// <param name="residual">Added before the activation; [N, K, H, W], or null.</param>
    /// <param name="y">The results, [N, K, H, W] with any number of channels.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="grid">The tiles.</param>
    /// <param name="first">The first one.</param>
    public static void Join(Tensor products, Tensor bias, Tensor? residual, Tensor y, bool relu, WinogradGrid grid, long first)
    {
        (int k, int height, int width, int step) = ((int)y.shape[1], (int)y.shape[2], (int)y.shape[3], grid.Dilation);
        (nint from, nint shift, nint to) = ((nint)products.Pointer<float>(), (nint)bias.Pointer<float>(), (nint)y.Pointer<float>());
        nint added = residual is null ? 0 : (nint)residual.Pointer<float>();
        (long nextTile, long nextProduct) = (products.stride(0), products.stride(1));
        ParallelLoop.For(products.shape[0], Grain, (begin, end) =>
        {
            for (long t = begin; t < end; t++)
            {
                (long image, int top, int left) = grid[first + t];
                long at = image * height * width * k;
                WinogradTransforms.Join((float*)from + t * nextTile, nextProduct, (float*)shift, added == 0 ? null : (float*)added + at,
                    (float*)to + at, top, left, step, height, width, k, relu);
            }
        });
        GC.KeepAlive(residual);
    }

    /// <summary>Transforms the gradients of tiles of results into those of the products.</summary>
    /// <param name="gradient">[N, K, H, W].</param>
    /// <param name="zeros">[K]: what lies outside of the images.</param>
    /// <param name="products">The result, [T, 36, K].</param>
    /// <param name="grid">The tiles.</param>
    /// <param name="first">The first one.</param>
    public static void Spread(Tensor gradient, Tensor zeros, Tensor products, WinogradGrid grid, long first)
    {
        (int k, int height, int width, int step) = ((int)gradient.shape[1], (int)gradient.shape[2], (int)gradient.shape[3], grid.Dilation);
        (nint from, nint outside, nint to) =
            ((nint)gradient.Pointer<float>(), (nint)zeros.Pointer<float>(), (nint)products.Pointer<float>());
        ParallelLoop.For(products.shape[0], Grain, (begin, end) =>
        {
            for (long t = begin; t < end; t++)
            {
                (long image, int top, int left) = grid[first + t];
                WinogradTransforms.Spread((float*)from + image * height * width * k, (float*)outside, (float*)to + t * Products * k,
                    top, left, step, height, width, k);
            }
        });
    }
}
