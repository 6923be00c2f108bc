using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The head of a region proposal network (Ren et al. 2015, arXiv:1506.01497): 3×3 convolutions, one in the paper,
/// then objectness and deltas of each anchor; shared by all levels.</summary>
internal sealed class RpnHead : nn.Module<Tensor[], (Tensor Objectness, Tensor Deltas)>
{
    private readonly Sequential conv;
    private readonly Conv2d cls_logits;
    private readonly Conv2d bbox_pred;

    /// <summary>A head with randomly initialized weights.</summary>
    /// <param name="channels">Channels of the levels.</param>
    /// <param name="anchorsPerLocation">Number of anchors at each location of a level.</param>
    /// <param name="convolutions">Number of 3×3 convolutions before the predictions.</param>
    public RpnHead(int channels, int anchorsPerLocation, int convolutions = 1) : base(nameof(RpnHead))
    {
        // A Sequential of Sequentials, since torchvision's keys are conv.0.0.weight.
        List<nn.Module<Tensor, Tensor>> layers =
            [.. Enumerable.Range(0, convolutions).Select(_ => nn.Sequential(new Conv3x3(channels, channels), nn.ReLU(true)))];
        conv = nn.Sequential(layers);
        cls_logits = nn.Conv2d(channels, anchorsPerLocation, 1);
        bbox_pred = nn.Conv2d(channels, anchorsPerLocation * 4, 1);
        RegisterComponents();
        foreach (var parameter in parameters())
            if (parameter.dim() > 1) nn.init.normal_(parameter, 0, 0.01);
            else nn.init.zeros_(parameter);
    }

    /// <summary>Logits [N, A] and deltas [N, A, 4] of all levels together, in the order of <see cref="Anchors.Boxes"/>.</summary>
    /// <param name="pyramid">[N, channels, Hᵢ, Wᵢ], finest first.</param>
    public override (Tensor Objectness, Tensor Deltas) forward(Tensor[] pyramid)
    {
        using var scope = NewDisposeScope();
        var objectness = new Tensor[pyramid.Length];
        var deltas = new Tensor[pyramid.Length];
        for (int i = 0; i < pyramid.Length; i++)
        {
            Tensor hidden = conv.call(pyramid[i]);                                                              // [N, channels, H, W]
            objectness[i] = DenseTower.Rows(cls_logits.call(hidden), 1);                                        // [N, H·W·anchors, 1]
            deltas[i] = DenseTower.Rows(bbox_pred.call(hidden), 4);                                              // [N, H·W·anchors, 4]
        }
        return (cat(objectness, 1).squeeze(2).MoveToOuterDisposeScope(), cat(deltas, 1).MoveToOuterDisposeScope());
    }
}
