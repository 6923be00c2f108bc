using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>UPerNet (Xiao et al. 2018, arXiv:1807.10221): pyramid pooling on the last stage, a feature pyramid down to stride 4, and a
/// fusion of all its levels. Widths as in segmentation_models_pytorch.</summary>
public sealed class UPerHead : SegmentationHead
{
    private const int Width = 256;
    private const double DropRate = 0.1;

    private readonly PyramidPooling pooling;
    private readonly ModuleList<Sequential> laterals;
    private readonly ModuleList<Sequential> outputs;
    private readonly Sequential fuse;
    private readonly Dropout drop;
    private readonly Conv2d classifier;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="stages">One of each stride, finest first.</param>
    /// <param name="options">Classes, normalization and kind of convolutions.</param>
    public UPerHead(IReadOnlyList<Stage> stages, SegmenterOptions options) : base(nameof(UPerHead))
    {
        pooling = new PyramidPooling(stages[^1].Channels, Width, options);
        laterals = new();
        outputs = new();
        foreach (Stage stage in stages.SkipLast(1))
        {
            laterals.Add(HeadLayers.Convolution(stage.Channels, Width, 1, options.HeadNorm));
            outputs.Add(HeadLayers.Convolution3x3(Width, Width, options));
        }
        fuse = HeadLayers.Convolution3x3(stages.Count * Width, Width, options);
        drop = nn.Dropout(DropRate);
        classifier = nn.Conv2d(Width, options.NumClasses, 1);
        RegisterComponents();
    }

    /// <summary>On a backbone of stride 32.</summary>
    internal static IReadOnlyList<SegmenterArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "upernet_",
            HasAuxiliary = true,
            Stages = StageSelection.FromStrideFour,
            Create = (stages, options) => new UPerHead(stages, options),
            Recognizes = has => has("laterals.0.0.weight"),
            ClassLayers = ["classifier"],
        },
    ];

    /// <inheritdoc/>
    public override Tensor forward(Tensor[] features)
    {
        using var scope = NewDisposeScope();
        var levels = new Tensor[features.Length];
        Tensor merged = pooling.call(features[^1]);                                         // [N, 256, H/32, W/32]
        levels[^1] = merged;
        for (int i = features.Length - 2; i >= 0; i--)
        {
            Tensor lateral = laterals[i].call(features[i]);
            merged = lateral + ResizeLike.Bilinear(merged, lateral);
            levels[i] = outputs[i].call(merged);
        }
        Tensor fused = fuse.call(cat([.. levels.Select(level => ResizeLike.Bilinear(level, levels[0]))], 1));       // [N, 256, H/4, W/4]
        return classifier.call(drop.call(fused)).MoveToOuterDisposeScope();
    }
}
