using System.CommandLine;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Segmentation;
using Vision.Training;

namespace Vision.Cli.Commands;

/// <summary>The options of <c>vision train</c> for segmenters.</summary>
internal sealed class SegmentationOptions
{
    private readonly Option<string> loss = new("--loss")
    {
        Description = $"Segmenters: the loss, one or a sum of several joined by +: {string.Join(", ", SegmentationLossCatalog.Names)}. " +
            "lovasz, dice and ohem improve small classes.",
        HelpName = "A+B", DefaultValueFactory = _ => SegmentationLossCatalog.Default,
    };

    private readonly Option<bool> balanced = new("--class-weights")
    {
        Description = "Segmenters: weight the cross-entropy of rare classes higher (median frequency balancing): finds more of them, " +
            "with more false positives.",
    };
    private readonly Option<int?> stride = new("--output-stride")
    {
        Description = "Segmenters: stride of the backbone's last stage, 8, 16 or 32; by default the published model's. " +
            "8 is the finest and slowest.",
        HelpName = "8|16|32",
    };
    private readonly Option<int[]> multiGrid = new("--multi-grid")
    {
        Description = "Segmenters on ResNets: factors on the dilation of the last stage's blocks, one per block, " +
            "such as 1 2 4 for the three of resnet50.",
        HelpName = "X …", AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> separable = new("--separable")
    {
        Description = "Segmenters: use depthwise separable convolutions in the head, which are faster.",
    };
    private readonly Option<bool> noAuxiliary =
        new("--no-aux") { Description = "Segmenters: train without the auxiliary head that some models have." };
    private readonly Option<double[]> scales = new("--scales")
    {
        Description = "Segmenters: scale training images by a random factor between these two before cropping; 1 1 for no scaling.",
        HelpName = "X Y", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [0.5, 2],
    };

    private readonly Option<int?> cropSize = new("--crop-size")
    {
        Description = "Segmenters: the shorter side of the crops of training images, in pixels; by default --min-size. " +
            "Smaller crops allow a larger --min-size in the same time.",
        HelpName = "N",
    };

    /// <summary>Validates the loss.</summary>
    public SegmentationOptions() => loss.Validators.Add(result =>
    {
        foreach (string part in result.Tokens.SelectMany(token => token.Value.Split('+')))
            if (!SegmentationLossCatalog.Names.Contains(part))
                result.AddError($"--loss has '{part}'; choose from {string.Join(", ", SegmentationLossCatalog.Names)}, joined by +.");
    });

    /// <summary>All options.</summary>
    public IReadOnlyList<Option> All => [loss, balanced, stride, multiGrid, separable, noAuxiliary, scales, cropSize];

    /// <summary>The training options set by these options.</summary>
    public SegmenterTrainingOptions Training(ParseResult parsed, SegmentationDataset training)
    {
        if (parsed.GetRequiredValue(scales) is not [> 0 and var least, var greatest] || greatest < least)
            throw new InputException(
                $"--scales is {string.Join(' ', parsed.GetRequiredValue(scales))}; it must be two factors above 0, the smaller one first.");
        if (parsed.GetValue(cropSize) is <= 0 and var crop)
            throw new InputException($"--crop-size is {crop}; it must be a number of pixels above 0.");
        if (parsed.GetValue(stride) is { } given and not (8 or 16 or 32))
            throw new InputException($"--output-stride is {given}; it must be 8, 16 or 32.");
        return new()
        {
            CropSize = parsed.GetValue(cropSize),
            Scales = (least, greatest),
            Loss = Loss(parsed, training),
            Configure = network => network with
            {
                OutputStride = parsed.GetValue(stride),
                MultiGrid = parsed.GetValue(multiGrid) is { Length: > 0 } factors ? factors : null,
                Separable = parsed.GetValue(separable),
                Auxiliary = !parsed.GetValue(noAuxiliary),
            },
        };
    }

    private SegmentationLoss Loss(ParseResult parsed, SegmentationDataset training)
    {
        string names = parsed.GetRequiredValue(loss);
        bool weighs = parsed.GetValue(balanced);
        if (weighs && !names.Split('+').Contains("cross-entropy"))
            throw new InputException($"--class-weights is for cross-entropy, but --loss {names} has none: leave it out.");
        float[]? weights = weighs
            ? ClassWeights.MedianFrequency(ProgressBar.Show("counting pixels", progress => PixelCounts.Of(training, progress)))
            : null;
        return SegmentationLossCatalog.Create(names, weights);
    }
}
