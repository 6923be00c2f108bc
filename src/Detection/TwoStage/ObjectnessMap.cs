using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>The objectness map of a region proposal network, regardless of class, size and shape.</summary>
internal static class ObjectnessMap
{
    /// <summary>The maximum objectness of all anchors at each location of the finest level.</summary>
    /// <param name="output">The output of the network.</param>
    /// <param name="pyramid">[N, C, Hᵢ, Wᵢ], finest first; only the shapes matter.</param>
    /// <param name="batch">The images.</param>
    /// <returns>For each image [h, w], in [0, 1], without padding.</returns>
    public static Tensor[] Of(RpnOutput output, Tensor[] pyramid, ImageBatch batch)
    {
        using var scope = NewDisposeScope();
        long images = pyramid[0].shape[0], height = pyramid[0].shape[2], width = pyramid[0].shape[3], start = 0;
        Tensor map = zeros(images, height, width, device: output.Objectness.device);
        for (int i = 0; i < pyramid.Length; i++)
        {
            long anchors = output.Anchors.PerLevel[i];
            Tensor surest = output.Objectness.narrow(1, start, anchors)
                .reshape(images, pyramid[i].shape[2], pyramid[i].shape[3], -1).amax(-1).sigmoid();
            map = map.maximum(Enlarged(surest.unsqueeze(1), height, width).squeeze(1));                         // [N, H, W]
            start += anchors;
        }
        return [.. batch.Sizes.Select((size, i) => map[i]
            .narrow(0, 0, Steps(size.Height, batch.PaddedSize.Height, height))
            .narrow(1, 0, Steps(size.Width, batch.PaddedSize.Width, width)).clone().MoveToOuterDisposeScope())];
    }

    // Anchors are centered on the upper left pixel of a location: the first location of every level coincides,
    // and with "align corners" the one past the last does too.
    private static Tensor Enlarged(Tensor level, long height, long width) =>
        interpolate(
            pad(level, (0, 1, 0, 1), PaddingModes.Replicate), [height + 1, width + 1],
            mode: InterpolationMode.Bilinear, align_corners: true)
            .narrow(2, 0, height).narrow(3, 0, width);

    /// <summary>The number of locations along the side of an image, out of those along the padded side.</summary>
    private static long Steps(int side, int padded, long steps) => (side * steps + padded - 1) / padded;
}
