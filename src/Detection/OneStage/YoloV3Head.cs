using TorchSharp.Modules;
using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>YOLOv3's head (Redmon &amp; Farhadi 2018, arXiv:1804.02767), one for each level: a 3×3 convolution to twice
/// the width, then for each prior box, objectness and classes.</summary>
internal sealed class YoloV3Head : nn.Module<Tensor[], (Tensor Logits, Tensor Boxes, Tensor Objectness)>
{
    private const int BoxColumns = 5;

    private readonly ModuleList<YoloConvolution> convs = new();
    private readonly ModuleList<Conv2d> preds = new();
    private readonly int columns;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="levels">Number of levels.</param>
    /// <param name="width">Their channels.</param>
    /// <param name="classes">Number of classes, without background.</param>
    /// <param name="norm">The normalization.</param>
    public YoloV3Head(int levels, int width, int classes, NormKind norm) : base(nameof(YoloV3Head))
    {
        columns = BoxColumns + classes;
        for (int i = 0; i < levels; i++)
        {
            convs.Add(new YoloConvolution(width, 2 * width, 3, norm, leaky: true));
            Conv2d prediction = YoloConvolution.Prediction(2 * width, YoloPriors.PerCell * columns, prior: true);
            using (no_grad())
            using (NewDisposeScope()) prediction.bias!.view(YoloPriors.PerCell, columns).narrow(1, 0, 4).zero_();
            preds.Add(prediction);
        }
        RegisterComponents();
    }

    /// <summary>Class logits [N, A, classes], encoded boxes [N, A, 4], and logits of the objectness [N, A], of
    /// levels [N, width, Hᵢ, Wᵢ]; A counts the priors of every cell.</summary>
    public override (Tensor Logits, Tensor Boxes, Tensor Objectness) forward(Tensor[] levels)
    {
        using var scope = NewDisposeScope();
        // [N, A, 5 + classes]
        Tensor all = cat([.. levels.Select((level, i) => DenseTower.Rows(preds[i].call(convs[i].call(level)), columns))], 1);
        return (
            all.narrow(2, BoxColumns, columns - BoxColumns).MoveToOuterDisposeScope(),
            all.narrow(2, 0, 4).MoveToOuterDisposeScope(),
            all.select(2, 4).MoveToOuterDisposeScope());
    }
}
