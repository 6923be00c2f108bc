using System.Runtime.InteropServices;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Ops;

/// <summary>
/// Square windows that cover a feature map, shifted to connect neighboring ones (Liu et al. 2021, arXiv:2103.14030, section 3.2). A map
/// that they do not fit is padded with zeros at the bottom and right. Shifted windows begin some pixels further down and to the right, and
/// the last of them wrap around the borders; a side that one window covers is not shifted. The map's size is taken from tensors inside
/// operators of libtorch's, so that a graph that is traced through them holds for maps of any size.
/// </summary>
public static unsafe class ShiftedWindows
{
    /// <summary>What is added to the logits of pixels that do not see each other.</summary>
    internal const float Masked = -100;

    private static readonly CustomOperator split = new("split_windows(Tensor x, int window, int shift) -> Tensor", &SplitKernel);
    private static readonly CustomOperator join =
        new("join_windows_like(Tensor windows, Tensor like, int window, int shift) -> Tensor", &JoinKernel);
    private static readonly CustomOperator mask = new("window_mask_like(Tensor like, int window, int shift) -> Tensor", &MaskKernel);

    /// <summary>The windows of a map, row by row, and so are the pixels of each.</summary>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="window">The windows' side in pixels.</param>
    /// <param name="shift">Pixels by which they are shifted, from 0 to below the side.</param>
    /// <returns>[N, ⌈H/window⌉·⌈W/window⌉, window², C].</returns>
    public static Tensor Split(Tensor x, int window, int shift) => split.Call(x, window, shift);

    /// <summary>The map that windows were split from.</summary>
    /// <param name="windows">[N, ⌈H/window⌉·⌈W/window⌉, window², C].</param>
    /// <param name="like">[N, H, W, …], which has the map's size.</param>
    /// <param name="window">The windows' side in pixels.</param>
    /// <param name="shift">Pixels by which they are shifted.</param>
    /// <returns>[N, H, W, C].</returns>
    public static Tensor Join(Tensor windows, Tensor like, int window, int shift) => join.Call(windows, like, window, shift);

    /// <summary>What is added to the logits of attention within shifted windows, so that pixels from opposite borders, which only the
    /// wrapping brings together, do not see each other.</summary>
    /// <param name="like">[N, H, W, …], a floating-point tensor that has the map's size.</param>
    /// <param name="window">The windows' side in pixels.</param>
    /// <param name="shift">Pixels by which they are shifted.</param>
    /// <returns>−100 for the pairs of a window's pixels that are apart and 0 for others, [⌈H/window⌉·⌈W/window⌉, 1, window², window²],
    /// of the tensor's type.</returns>
    public static Tensor Mask(Tensor like, int window, int shift) => mask.Call(like, window, shift);

    private static Tensor ToWindows(Tensor x, long window, long shift)
    {
        Grid rows = new(x.shape[1], window, shift), columns = new(x.shape[2], window, shift);
        if (rows.Padding + columns.Padding > 0) x = pad(x, [0, 0, 0, columns.Padding, 0, rows.Padding]);
        if (rows.Shift + columns.Shift > 0) x = x.roll([-rows.Shift, -columns.Shift], [1, 2]);
        return x.reshape(x.shape[0], rows.Windows, window, columns.Windows, window, x.shape[3]).permute(0, 1, 3, 2, 4, 5)
            .reshape(x.shape[0], rows.Windows * columns.Windows, window * window, x.shape[3]);
    }

    private static Tensor ToMap(Tensor windows, Tensor like, long window, long shift)
    {
        Grid rows = new(like.shape[1], window, shift), columns = new(like.shape[2], window, shift);
        Tensor x = windows.reshape(windows.shape[0], rows.Windows, columns.Windows, window, window, windows.shape[3])
            .permute(0, 1, 3, 2, 4, 5).reshape(windows.shape[0], rows.Length, columns.Length, windows.shape[3]);
        if (rows.Shift + columns.Shift > 0) x = x.roll([rows.Shift, columns.Shift], [1, 2]);
        return x.narrow(1, 0, like.shape[1]).narrow(2, 0, like.shape[2]).contiguous();
    }

    private static Tensor ToMask(Tensor like, long window, long shift)
    {
        Grid rows = new(like.shape[1], window, shift), columns = new(like.shape[2], window, shift);
        // The pixels that the shift moves to the opposite border, padding included, are a region of their own.
        Tensor above = arange(rows.Length, device: like.device).lt(rows.Shift);
        Tensor left = arange(columns.Length, device: like.device).lt(columns.Shift);
        Tensor regions = (above.to(ScalarType.Int64).unsqueeze(1) * 2 + left).view(1, rows.Length, columns.Length, 1);
        regions = ToWindows(regions, window, shift);                                                            // [1, windows, window², 1]
        return regions.ne(regions.transpose(2, 3)).transpose(0, 1).to(like.dtype).mul_(Masked);
    }

    [UnmanagedCallersOnly]
    private static void SplitKernel(ulong* stack, ulong arguments, ulong results) =>
        split.Run(stack, given => ToWindows(given.Tensor(0), given.Int(1), given.Int(2)));

    [UnmanagedCallersOnly]
    private static void JoinKernel(ulong* stack, ulong arguments, ulong results) =>
        join.Run(stack, given => ToMap(given.Tensor(0), given.Tensor(1), given.Int(2), given.Int(3)));

    [UnmanagedCallersOnly]
    private static void MaskKernel(ulong* stack, ulong arguments, ulong results) =>
        mask.Run(stack, given => ToMask(given.Tensor(0), given.Int(1), given.Int(2)));

    /// <summary>The windows along one side of a map.</summary>
    private readonly struct Grid(long size, long window, long shift)
    {
        public long Windows => (size + window - 1) / window;

        /// <summary>Their pixels, with padding.</summary>
        public long Length => Windows * window;

        public long Padding => Length - size;

        public long Shift => Windows > 1 ? shift : 0;
    }
}
