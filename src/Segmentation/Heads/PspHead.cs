using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>PSPNet (Zhao et al. 2016, arXiv:1612.01105): pyramid pooling and a classifier, on a backbone of stride 8.</summary>
public sealed class PspHead : SequentialHead
{
    private const int Width = 512;
    private const double DropRate = 0.1;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="stage">The input stage.</param>
    /// <param name="options">Classes, normalization and kind of convolutions.</param>
    public PspHead(Stage stage, SegmenterOptions options) : base(nameof(PspHead),
        new PyramidPooling(stage.Channels, Width, options), nn.Dropout(DropRate), nn.Conv2d(Width, options.NumClasses, 1)) { }

    /// <summary>On a backbone of stride 8.</summary>
    internal static IReadOnlyList<SegmenterArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "pspnet_",
            OutputStride = 8,
            HasAuxiliary = true,
            Stages = stages => [stages.Count - 1],
            Create = (stages, options) => new PspHead(stages[0], options),
            Recognizes = has => has("0.contexts.0.1.weight"),
            ClassLayers = ["2"],
        },
    ];
}
