using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>A block of a U-Net's decoder: the coarse map upsampled to the next finer resolution, concatenated with
/// the encoder's maps there, and two 3×3 convolutions.</summary>
internal sealed class DecoderBlock : nn.Module<Tensor, Tensor[], Tensor>
{
    private readonly Sequential conv1;
    private readonly Sequential conv2;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="coarseChannels">Channels of the coarse map.</param>
    /// <param name="fineChannels">Channels of all finer maps together; 0 if there are none.</param>
    /// <param name="width">Channels of the result.</param>
    /// <param name="norm">The normalization.</param>
    public DecoderBlock(int coarseChannels, int fineChannels, int width, NormKind norm) : base(nameof(DecoderBlock))
    {
        conv1 = HeadLayers.Convolution(coarseChannels + fineChannels, width, 3, norm);
        conv2 = HeadLayers.Convolution(width, width, 3, norm);
        RegisterComponents();
    }

    /// <summary>[N, width, h, w] of a coarse map [N, coarseChannels, ⌈h/2⌉, ⌈w/2⌉] and finer ones [N, …, h, w];
    /// twice as large as the coarse one if there are no finer ones.</summary>
    public override Tensor forward(Tensor coarse, Tensor[] fine)
    {
        using var scope = NewDisposeScope();
        Tensor larger = fine.Length > 0 ? cat([ResizeLike.Nearest(coarse, fine[0]), .. fine], 1) : ResizeLike.Doubled(coarse);
        return conv2.call(conv1.call(larger)).MoveToOuterDisposeScope();
    }
}
