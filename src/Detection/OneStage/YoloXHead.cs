using TorchSharp.Modules;
using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>YOLOX's decoupled head (Ge et al. 2021, arXiv:2107.08430, figure 2), one for each level: classes in one
/// branch, box and objectness in the other. Keys are YOLOX's.</summary>
internal sealed class YoloXHead : nn.Module<Tensor[], (Tensor Logits, Tensor Boxes, Tensor Objectness)>
{
    private readonly ModuleList<YoloConvolution> stems = new();
    private readonly ModuleList<Sequential> cls_convs = new();
    private readonly ModuleList<Sequential> reg_convs = new();
    private readonly ModuleList<Conv2d> cls_preds = new();
    private readonly ModuleList<Conv2d> reg_preds = new();
    private readonly ModuleList<Conv2d> obj_preds = new();
    private readonly int classes;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="levels">Number of levels.</param>
    /// <param name="width">Channels of the levels and of the head.</param>
    /// <param name="classes">Number of classes, without background.</param>
    /// <param name="norm">The normalization.</param>
    public YoloXHead(int levels, int width, int classes, NormKind norm) : base(nameof(YoloXHead))
    {
        this.classes = classes;
        for (int i = 0; i < levels; i++)
        {
            stems.Add(new YoloConvolution(width, width, 1, norm));
            cls_convs.Add(Branch());
            reg_convs.Add(Branch());
            cls_preds.Add(YoloConvolution.Prediction(width, classes, prior: true));
            reg_preds.Add(YoloConvolution.Prediction(width, 4, prior: false));
            obj_preds.Add(YoloConvolution.Prediction(width, 1, prior: true));
        }
        RegisterComponents();

        Sequential Branch() => nn.Sequential(new YoloConvolution(width, width, 3, norm), new YoloConvolution(width, width, 3, norm));
    }

    /// <summary>Class logits [N, A, classes], encoded boxes [N, A, 4], and logits of the
    /// objectness [N, A], of levels [N, width, Hᵢ, Wᵢ].</summary>
    public override (Tensor Logits, Tensor Boxes, Tensor Objectness) forward(Tensor[] levels)
    {
        using var scope = NewDisposeScope();
        var logits = new Tensor[levels.Length];
        var boxes = new Tensor[levels.Length];
        var objectness = new Tensor[levels.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            Tensor stem = stems[i].call(levels[i]);                                                     // [N, width, H, W]
            Tensor located = reg_convs[i].call(stem);
            logits[i] = DenseTower.Rows(cls_preds[i].call(cls_convs[i].call(stem)), classes);
            boxes[i] = DenseTower.Rows(reg_preds[i].call(located), 4);
            objectness[i] = DenseTower.Rows(obj_preds[i].call(located), 1);
        }
        return (
            cat(logits, 1).MoveToOuterDisposeScope(),
            cat(boxes, 1).MoveToOuterDisposeScope(),
            cat(objectness, 1).squeeze(2).MoveToOuterDisposeScope());
    }
}
