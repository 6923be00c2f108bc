using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The backbone's last stage, applied to regions pooled from the second to last. It has no keys
/// of its own: the weights are the backbone's.</summary>
internal sealed class LastStageHead : nn.Module<Tensor, Tensor>
{
    // Not the backbone itself: a module in a field is registered, so its weights would appear in the state dict twice.
    private readonly Func<Tensor, Tensor> lastStage;

    /// <summary>A head that shares the backbone's weights.</summary>
    public LastStageHead(Backbone body) : base(nameof(LastStageHead)) => lastStage = regions => body.forward_stage(-1, regions);

    /// <summary>Feature vectors [R, C5] of regions [R, C4, 14, 14].</summary>
    public override Tensor forward(Tensor regions)
    {
        using var scope = NewDisposeScope();
        return lastStage(regions).mean([2, 3]).MoveToOuterDisposeScope();
    }
}
