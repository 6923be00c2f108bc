using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>RetinaNet's two heads (Lin et al. 2017, arXiv:1708.02002), shared by all
/// levels: class logits and deltas of every anchor.</summary>
internal sealed class RetinaNetHead : nn.Module<Tensor[], (Tensor Logits, Tensor Deltas)>
{
    private readonly DenseClassifier classification_head;
    private readonly BoxRegressor regression_head;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="channels">Channels of the levels.</param>
    /// <param name="perLocation">Number of anchors at each location of a level.</param>
    /// <param name="numClasses">Number of classes, background included.</param>
    /// <param name="normalized">Whether their convolutions have group normalization, as in version 2.</param>
    public RetinaNetHead(int channels, int perLocation, int numClasses, bool normalized) : base(nameof(RetinaNetHead))
    {
        classification_head = new DenseClassifier(DenseTower.Nested(channels, normalized), channels, perLocation, numClasses);
        regression_head = new BoxRegressor(DenseTower.Nested(channels, normalized), channels, perLocation);
        RegisterComponents();
    }

    /// <summary>Logits [N, A, numClasses] and deltas [N, A, 4] of levels [N, channels, Hᵢ, Wᵢ].</summary>
    public override (Tensor Logits, Tensor Deltas) forward(Tensor[] levels) =>
        (classification_head.call(levels), regression_head.call(levels));

    private sealed class BoxRegressor : nn.Module<Tensor[], Tensor>
    {
        private readonly Sequential conv;
        private readonly Conv2d bbox_reg;

        public BoxRegressor(Sequential tower, int channels, int perLocation) : base(nameof(BoxRegressor))
        {
            conv = tower;
            bbox_reg = DenseTower.Prediction(channels, perLocation * 4);
            RegisterComponents();
        }

        public override Tensor forward(Tensor[] levels)
        {
            using var scope = NewDisposeScope();
            return cat([.. levels.Select(level => DenseTower.Rows(bbox_reg.call(conv.call(level)), 4))], 1).MoveToOuterDisposeScope();
        }
    }
}
