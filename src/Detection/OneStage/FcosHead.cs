using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>FCOS's heads (Tian et al. 2019, arXiv:1904.01355), shared by all levels: for every point the classes,
/// the distances of the box's edges, and the centerness.</summary>
internal sealed class FcosHead : nn.Module<Tensor[], (Tensor Logits, Tensor Distances, Tensor Centerness)>
{
    private readonly DenseClassifier classification_head;
    private readonly EdgeRegressor regression_head;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="channels">Channels of the levels.</param>
    /// <param name="numClasses">Number of classes, background included.</param>
    public FcosHead(int channels, int numClasses) : base(nameof(FcosHead))
    {
        classification_head = new DenseClassifier(DenseTower.Flat(channels), channels, 1, numClasses);
        regression_head = new EdgeRegressor(channels);
        RegisterComponents();
    }

    /// <summary>Class logits [N, A, numClasses], distances [N, A, 4] in strides, and logits of the
    /// centerness [N, A], of levels [N, channels, Hᵢ, Wᵢ].</summary>
    public override (Tensor Logits, Tensor Distances, Tensor Centerness) forward(Tensor[] levels)
    {
        (Tensor distances, Tensor centerness) = regression_head.call(levels);
        return (classification_head.call(levels), distances, centerness);
    }

    private sealed class EdgeRegressor : nn.Module<Tensor[], (Tensor Distances, Tensor Centerness)>
    {
        /// <summary>
        /// The initial distance, in strides. A level's target edges are up to 4 to 8 strides away, and ReLU has no gradient below 0: if the
        /// distances started near 0, as torchvision's do, an edge could be dead at every point and never learn.
        /// </summary>
        private const double FreshDistance = 4;

        private readonly Sequential conv;
        private readonly Conv2d bbox_reg;
        private readonly Conv2d bbox_ctrness;

        public EdgeRegressor(int channels) : base(nameof(EdgeRegressor))
        {
            conv = DenseTower.Flat(channels);
            bbox_reg = DenseTower.Prediction(channels, 4, FreshDistance);
            bbox_ctrness = DenseTower.Prediction(channels, 1);
            RegisterComponents();
        }

        public override (Tensor Distances, Tensor Centerness) forward(Tensor[] levels)
        {
            using var scope = NewDisposeScope();
            var distances = new Tensor[levels.Length];
            var centerness = new Tensor[levels.Length];
            for (int i = 0; i < levels.Length; i++)
            {
                Tensor hidden = conv.call(levels[i]);                                           // [N, channels, H, W]
                distances[i] = DenseTower.Rows(relu(bbox_reg.call(hidden)), 4);
                centerness[i] = DenseTower.Rows(bbox_ctrness.call(hidden), 1);
            }
            return (cat(distances, 1).MoveToOuterDisposeScope(), cat(centerness, 1).squeeze(2).MoveToOuterDisposeScope());
        }
    }
}
