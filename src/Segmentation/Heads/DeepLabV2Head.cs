using TorchSharp.Modules;
using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>DeepLab v2 (Chen et al. 2016, arXiv:1606.00915): the sum of four 3×3 classifiers with
/// different dilations, on a backbone of stride 8.</summary>
/// <remarks>The paper's maximum over three scales of the image is an
/// option of prediction: <see cref="SegmenterView"/>.</remarks>
public sealed class DeepLabV2Head : SegmentationHead
{
    private static readonly int[] rates = [6, 12, 18, 24];

    private readonly ModuleList<Conv2d> branches;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="stage">The input stage.</param>
    /// <param name="options">The number of classes.</param>
    public DeepLabV2Head(Stage stage, SegmenterOptions options) : base(nameof(DeepLabV2Head))
    {
        branches = new();
        foreach (int rate in rates)
        {
            Conv2d branch = nn.Conv2d(stage.Channels, options.NumClasses, 3, 1, rate, rate);
            nn.init.normal_(branch.weight!, 0, 0.01);
            nn.init.zeros_(branch.bias!);
            branches.Add(branch);
        }
        RegisterComponents();
    }

    /// <summary>On a backbone of stride 8.</summary>
    internal static IReadOnlyList<SegmenterArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "deeplabv2_",
            DefaultBackbone = "resnet101",
            OutputStride = 8,
            Stages = stages => [stages.Count - 1],
            Create = (stages, options) => new DeepLabV2Head(stages[0], options),
            Recognizes = has => has("branches.3.weight"),
            ClassLayers = [.. Enumerable.Range(0, rates.Length).Select(i => $"branches.{i}")],
        },
    ];

    /// <inheritdoc/>
    public override Tensor forward(Tensor[] features)
    {
        using var scope = NewDisposeScope();
        Tensor sum = branches[0].call(features[^1]);                        // [N, classes, h, w]
        for (int i = 1; i < branches.Count; i++) sum = sum + branches[i].call(features[^1]);
        return sum.MoveToOuterDisposeScope();
    }
}
