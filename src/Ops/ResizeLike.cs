using System.Runtime.InteropServices;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Ops;

/// <summary>
/// Feature maps at the size of other tensors. The size is taken from the other tensor inside an operator of libtorch's,
/// so that a graph that is traced through it holds for inputs of any size.
/// </summary>
public static unsafe class ResizeLike
{
    private static readonly CustomOperator bilinear = new("resize_like(Tensor x, Tensor like) -> Tensor", &BilinearKernel);
    private static readonly CustomOperator nearest = new("resize_nearest_like(Tensor x, Tensor like) -> Tensor", &NearestKernel);
    private static readonly CustomOperator doubled = new("resize_nearest_double(Tensor x) -> Tensor", &DoubledKernel);
    private static readonly CustomOperator cover = new("cover_like(Tensor x, Tensor like) -> Tensor", &CoverKernel);

    /// <summary>A map resized by bilinear interpolation without aligned corners, as in torchvision; the map itself if it has the
    /// size.</summary>
    /// <param name="x">[N, C, h, w].</param>
    /// <param name="like">[…, H, W].</param>
    /// <returns>[N, C, H, W].</returns>
    public static Tensor Bilinear(Tensor x, Tensor like) => bilinear.Call(x, like);

    /// <summary>A map resized to the nearest pixels.</summary>
    /// <param name="x">[N, C, h, w].</param>
    /// <param name="like">[…, H, W].</param>
    /// <returns>[N, C, H, W].</returns>
    public static Tensor Nearest(Tensor x, Tensor like) => nearest.Call(x, like);

    /// <summary>A map of twice the height and width, each pixel four times.</summary>
    /// <param name="x">[N, C, h, w].</param>
    /// <returns>[N, C, 2h, 2w].</returns>
    public static Tensor Doubled(Tensor x) => doubled.Call(x);

    /// <summary>A map that is cropped at the right and bottom if it is at least as large as the other tensor, and resized bilinearly
    /// otherwise.</summary>
    /// <param name="x">[N, C, h, w].</param>
    /// <param name="like">[…, H, W].</param>
    /// <returns>[N, C, H, W].</returns>
    public static Tensor Cover(Tensor x, Tensor like) => cover.Call(x, like);

    private static Tensor ToBilinear(Tensor x, Tensor like) => x.shape[^2] == like.shape[^2] && x.shape[^1] == like.shape[^1]
        ? x.alias()
        : interpolate(x, like.shape[^2..], mode: InterpolationMode.Bilinear, align_corners: false);

    private static Tensor ToNearest(Tensor x, Tensor like) => interpolate(x, like.shape[^2..], mode: InterpolationMode.Nearest);

    private static Tensor ToCover(Tensor x, Tensor like) => x.shape[^2] >= like.shape[^2] && x.shape[^1] >= like.shape[^1]
        ? x.narrow(2, 0, like.shape[^2]).narrow(3, 0, like.shape[^1])
        : ToBilinear(x, like);

    [UnmanagedCallersOnly]
    private static void BilinearKernel(ulong* stack, ulong arguments, ulong results) =>
        bilinear.Run(stack, given => ToBilinear(given.Tensor(0), given.Tensor(1)));

    [UnmanagedCallersOnly]
    private static void NearestKernel(ulong* stack, ulong arguments, ulong results) =>
        nearest.Run(stack, given => ToNearest(given.Tensor(0), given.Tensor(1)));

    [UnmanagedCallersOnly]
    private static void DoubledKernel(ulong* stack, ulong arguments, ulong results) => doubled.Run(stack, given =>
        interpolate(given.Tensor(0), scale_factor: [2, 2], mode: InterpolationMode.Nearest));

    [UnmanagedCallersOnly]
    private static void CoverKernel(ulong* stack, ulong arguments, ulong results) =>
        cover.Run(stack, given => ToCover(given.Tensor(0), given.Tensor(1)));
}
