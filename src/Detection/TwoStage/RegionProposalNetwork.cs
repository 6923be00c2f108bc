using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Anchors and the head that predicts their objectness and deltas (Ren et al. 2015, arXiv:1506.01497). Keys are
/// torchvision's, <c>head.*</c>.</summary>
public sealed class RegionProposalNetwork : nn.Module<Tensor[], ImageSize, RpnOutput>
{
    private readonly AnchorGenerator anchors;
    private readonly RpnHead head;

    /// <summary>A network with randomly initialized weights.</summary>
    /// <param name="channels">Channels of the pyramid's levels.</param>
    /// <param name="anchors">The anchors; ownership passes to this object.</param>
    /// <param name="convolutions">As in <see cref="RpnHead"/>.</param>
    public RegionProposalNetwork(int channels, AnchorGenerator anchors, int convolutions = 1) : base(nameof(RegionProposalNetwork))
    {
        this.anchors = anchors;
        head = new RpnHead(channels, anchors.PerLocation, convolutions);
        RegisterComponents();
    }

    /// <summary>The anchors.</summary>
    internal AnchorGenerator Anchors => anchors;

    /// <summary>Predicts the objectness and deltas of each image's anchors.</summary>
    /// <param name="pyramid">[N, channels, Hᵢ, Wᵢ], finest first.</param>
    /// <param name="image">The size of the padded images.</param>
    public override RpnOutput forward(Tensor[] pyramid, ImageSize image)
    {
        (Tensor objectness, Tensor deltas) = Judge(pyramid);
        return new(AnchorsFor(pyramid, image), objectness, deltas);
    }

    /// <summary>Logits of the objectness [N, A] and deltas [N, A, 4] of each image's anchors.</summary>
    internal (Tensor Objectness, Tensor Deltas) Judge(Tensor[] pyramid) => head.call(pyramid);

    /// <summary>The anchors of a pyramid.</summary>
    internal Anchors AnchorsFor(IReadOnlyList<Tensor> pyramid, ImageSize image) => anchors.For(pyramid, image);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) anchors.Dispose();
        base.Dispose(disposing);
    }
}
