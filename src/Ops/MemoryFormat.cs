using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>How images and feature maps lie in memory. Values, shapes and gradients are the same either way.</summary>
public static class MemoryFormat
{
    /// <summary>
    /// Images with the channels of a pixel next to each other. Convolutions, normalizations, pooling, element-wise operators and
    /// <see cref="RoiAlign"/> hand this layout on from their input to their output, so a network whose input has it runs in it throughout,
    /// and oneDNN's convolutions no longer rearrange what they read and write.
    /// </summary>
    /// <param name="images">[N, C, H, W].</param>
    /// <returns>The same [N, C, H, W] with other strides; a copy, unless it already was so.</returns>
    public static Tensor ChannelsLast(Tensor images)
    {
        using var scope = NewDisposeScope();
        return images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Lays the weights of a network's convolutions out likewise, in place: otherwise each call rearranges them first, which
    /// takes as long as the convolution itself where images are small or few.
    /// </summary>
    /// <param name="network">The network. Its state dict keeps its names, shapes and values.</param>
    public static void ChannelsLast(nn.Module network)
    {
        using var noGradient = no_grad();
        foreach (var parameter in network.parameters().Where(parameter => parameter.dim() == 4))
        {
            using Tensor arranged = ChannelsLast(parameter);
            parameter.set_(arranged);
        }
    }
}
