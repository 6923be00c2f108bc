using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>The memory format of images and feature maps. Values, shapes and gradients do not depend on it.</summary>
public static class MemoryFormat
{
    /// <summary>
    /// Images in channels-last format. Convolutions, normalizations, pooling, element-wise operators and
    /// <see cref="RoiAlign"/> propagate the format from input to output, so a network whose input has it runs in it throughout,
    /// and oneDNN's convolutions need not reorder their inputs and outputs.
    /// </summary>
    /// <param name="images">[N, C, H, W].</param>
    /// <returns>The same [N, C, H, W] with other strides; a copy, unless the format was already channels-last.</returns>
    public static Tensor ChannelsLast(Tensor images)
    {
        using var scope = NewDisposeScope();
        return images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Converts the weights of a network's convolutions to channels-last in place: otherwise each call reorders them first, which
    /// takes as long as the convolution itself if images are small or few.
    /// </summary>
    /// <param name="network">The network. The names, shapes and values of its state dict do not change.</param>
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
