using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// The first fully convolutional networks (Long et al. 2014, arXiv:1411.4038): FCN-32s classifies the pixels of the last stage; FCN-16s and
/// FCN-8s add scores of finer stages, through learned upsampling that is initialized as bilinear.
/// </summary>
/// <remarks>The paper's "fc6" and "fc7" are replaced by one normalized 3×3 convolution with a quarter of the stage's channels: modern
/// backbones have no fully connected layers to turn into convolutions.</remarks>
public sealed class SkipFcnHead : SegmentationHead
{
    private const double DropRate = 0.1;

    private readonly Sequential conv;
    private readonly Conv2d score;
    private readonly ModuleList<Conv2d> skips;
    private readonly ModuleList<ConvTranspose2d> upsamples;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="stages">The stages of strides 32, or 16 and 32, or 8, 16 and 32.</param>
    /// <param name="options">Classes and normalization.</param>
    public SkipFcnHead(IReadOnlyList<Stage> stages, SegmenterOptions options) : base(nameof(SkipFcnHead))
    {
        int channels = stages[^1].Channels, classes = options.NumClasses;
        conv = HeadLayers.Convolution(channels, channels / 4, 3, options.HeadNorm);
        conv.append(nn.Dropout(DropRate));
        score = nn.Conv2d(channels / 4, classes, 1);
        skips = new();
        upsamples = new();
        // From coarse to fine, in the order of their use.
        foreach (Stage stage in stages.SkipLast(1).Reverse())
        {
            skips.Add(Silent(nn.Conv2d(stage.Channels, classes, 1)));
            upsamples.Add(Bilinear(classes));
        }
        RegisterComponents();
    }

    /// <summary>FCN-32s, FCN-16s and FCN-8s.</summary>
    internal static IReadOnlyList<SegmenterArchitecture> Architectures { get; } =
        [Of("fcn32s_", 32), Of("fcn16s_", 16, 32), Of("fcn8s_", 8, 16, 32)];

    /// <inheritdoc/>
    public override Tensor forward(Tensor[] features)
    {
        using var scope = NewDisposeScope();
        Tensor scores = score.call(conv.call(features[^1]));                // [N, classes, H/32, W/32]
        for (int i = 0; i < skips.Count; i++)
        {
            Tensor finer = skips[i].call(features[^(i + 2)]);
            // The size of a coarser stage was rounded up if the finer one is odd: the excess of twice its size is cropped.
            scores = ResizeLike.Cover(upsamples[i].call(scores), finer) + finer;
        }
        return scores.MoveToOuterDisposeScope();                            // [N, classes, H/8, W/8] of FCN-8s
    }

    private static SegmenterArchitecture Of(string prefix, params int[] strides) => new()
    {
        Prefix = prefix,
        DefaultBackbone = "vgg16",
        Stages = stages => StageSelection.OfStrides(stages, strides),
        Create = (stages, options) => new SkipFcnHead(stages, options),
        Recognizes = has => has("score.weight") && !has($"skips.{strides.Length - 1}.weight")
            && (strides.Length == 1 || has($"skips.{strides.Length - 2}.weight")),
        ClassLayers = ["score", .. Enumerable.Range(0, strides.Length - 1).SelectMany(i => new[] { $"skips.{i}", $"upsamples.{i}" })],
    };

    // As in the paper, a finer stage initially contributes nothing.
    private static Conv2d Silent(Conv2d conv)
    {
        nn.init.zeros_(conv.weight!);
        nn.init.zeros_(conv.bias!);
        return conv;
    }

    private static ConvTranspose2d Bilinear(int classes)
    {
        ConvTranspose2d layer = nn.ConvTranspose2d(classes, classes, 4, 2, 1, bias: false);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor slope = tensor(new[] { 0.25f, 0.75f, 0.75f, 0.25f });
        layer.weight!.copy_(eye(classes).reshape(classes, classes, 1, 1) * slope.reshape(4, 1) * slope);
        return layer;
    }
}
