using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Detection;
using static TorchSharp.torch;

namespace Vision.Snippets;

#region network
/// <summary>Four stages of one convolution each, with strides 4 to 32.</summary>
public sealed class TinyNet : Backbone
{
    private static readonly int[] widths = [32, 64, 128, 256];

    private readonly ModuleList<Sequential> stages = nn.ModuleList<Sequential>();
    private readonly Linear? fc;

    public TinyNet(BackboneOptions options) : base(nameof(TinyNet), options)
    {
        // Segmenters ask for an output stride of 8 or 16: beyond it, convolutions are dilated instead of strided.
        DilationPlan plan = new(options.OutputStride, stemReduction: 1);
        List<Stage> outputs = [];
        int channels = options.InputChannels;
        foreach (int width in widths)
        {
            (int stride, int dilation, _) = plan.Next(outputs.Count == 0 ? 4 : 2);
            stages.Add(nn.Sequential(
                nn.Conv2d(channels, width, 3, stride, dilation, dilation, bias: false), nn.BatchNorm2d(width), nn.ReLU()));
            outputs.Add(new($"stages.{outputs.Count}", width, plan.Reduction));
            channels = width;
        }
        Stages = outputs;
        if (options.NumClasses > 0) fc = nn.Linear(channels, options.NumClasses);
        RegisterComponents();
    }

    public override IReadOnlyList<Stage> Stages { get; }

    protected override IEnumerable<nn.Module> StageModules(int stage) => [stages[stage]];

    protected override Tensor RunStage(int stage, Tensor x) => RunBlocks(stages[stage], x);

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor pooled = forward_features(x, -1)[0].mean([2, 3]);                        // [N, 256]
        return (fc?.call(pooled) ?? pooled).MoveToOuterDisposeScope();
    }
}
#endregion

internal static class TinyNetUse
{
    public static void InADetector()
    {
        #region detector
        RcnnDesign design = RcnnDesign.Fpn(wanted => new TinyNet(wanted with { NumClasses = 0 }));
        using FasterRcnn detector = new(design, new DetectorOptions { NumClasses = 3 });
        #endregion
    }

    public static void Register()
    {
        #region register
        BackboneRegistry.Add(new("tinynet", "TinyNet", options => new TinyNet(options)));
        #endregion
    }
}
