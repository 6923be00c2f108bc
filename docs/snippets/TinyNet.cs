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
        if (options.OutputStride != 32) throw new ArgumentException($"A {nameof(TinyNet)} has an output stride of 32.", nameof(options));
        int channels = options.InputChannels;
        foreach (int width in widths)
        {
            int stride = stages.Count == 0 ? 4 : 2;
            stages.Add(nn.Sequential(nn.Conv2d(channels, width, 3, stride, 1, bias: false), nn.BatchNorm2d(width), nn.ReLU()));
            channels = width;
        }
        if (options.NumClasses > 0) fc = nn.Linear(channels, options.NumClasses);
        RegisterComponents();
    }

    public override IReadOnlyList<Stage> Stages { get; } =
        [.. widths.Select((width, i) => new Stage($"stages.{i}", width, 4 << i))];

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
