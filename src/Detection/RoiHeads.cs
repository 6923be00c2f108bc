using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The second stage of Faster R-CNN: pools regions from the pyramid, classifies them and refines their boxes. Keys are torchvision's, <c>box_head.*</c> and <c>box_predictor.*</c>.</summary>
public sealed class RoiHeads : nn.Module<Tensor[], Tensor[], (Tensor Logits, Tensor Deltas)>
{
    private const int PooledSide = 7;
    private const int SamplingRatio = 2;
    private const int Width = 1024;

    private readonly RegionPooler pooler;
    private readonly BoxHead box_head;
    private readonly BoxPredictor box_predictor;

    /// <summary>Heads with freshly drawn weights.</summary>
    /// <param name="channels">Channels of the pyramid's levels.</param>
    /// <param name="strides">Strides of the levels that regions are pooled from.</param>
    /// <param name="numClasses">Classes, background included.</param>
    public RoiHeads(int channels, IReadOnlyList<int> strides, int numClasses) : base(nameof(RoiHeads))
    {
        pooler = new RegionPooler(strides, PooledSide, SamplingRatio);
        box_head = new BoxHead(channels * PooledSide * PooledSide, Width);
        box_predictor = new BoxPredictor(Width, numClasses);
        RegisterComponents();
    }

    /// <summary>Class logits [R, classes] and deltas [R, classes, 4] of the regions of all images.</summary>
    /// <param name="pyramid">[N, channels, Hᵢ, Wᵢ], finest first.</param>
    /// <param name="regions">The regions of each image, [Rᵢ, 4] xyxy.</param>
    public override (Tensor Logits, Tensor Deltas) forward(Tensor[] pyramid, Tensor[] regions)
    {
        using var scope = NewDisposeScope();
        Tensor pooled = pooler.Pool(pyramid, regions);                                  // [R, channels, 7, 7]
        (Tensor logits, Tensor deltas) = box_predictor.call(box_head.call(pooled));
        return (logits.MoveToOuterDisposeScope(), deltas.MoveToOuterDisposeScope());
    }
}
