using System.CommandLine;
using System.CommandLine.Parsing;
using Vision.Training;

namespace Vision.Cli.Commands;

/// <summary>The options of <c>vision train</c> for detectors.</summary>
internal sealed class DetectionOptions
{
    private readonly Option<int?> maxSize = CommonOptions.Count("--max-size",
        "Detectors: the maximum longer side after resizing; by default that of the published model, mostly 1333. SSD and YOLO use " +
            "squares, with a single side.");
    private readonly Option<int> deformable = new("--deformable-stages")
    {
        Description = "Detectors on ResNet-50 and larger: number of last stages with deformable convolutions (DCNv2), which suit " +
            "objects of varied shapes; 3 in the paper.",
        HelpName = "N",
    };
    private readonly Option<int?> roiSamples = CommonOptions.Count("--roi-samples",
        "Two-stage detectors: regions per image to train the second stage on, by default 512. Fewer are faster, especially with masks, " +
            "and suffice if images show few objects.");
    private readonly Option<int?> queries = CommonOptions.Count("--queries",
        "detr: maximum number of objects per image, by default 100. With fewer, training is much faster if images show few objects.");
    private readonly Option<double?> dropout = new("--dropout")
    {
        Description = "detr: dropout rate in the transformer, 0 to 1, by default 0.1. 0 learns faster, " +
            "but overfits small data sets.",
        HelpName = "X",
    };
    private readonly Option<AugmentationKind?> augment = new("--augment")
    {
        Description = "Detectors: augmentation of training images. flip (by default) flips half of them; ssd, lsj (large-scale " +
            "jittering), mosaic, mixup and copy-paste (needs segments) do more, for long training; none turns it off.",
        CustomParser = ParseAugment,
        HelpName = "copy-paste|flip|lsj|mixup|mosaic|none|ssd",
    };

    /// <summary>All options.</summary>
    public IReadOnlyList<Option> All => [maxSize, augment, deformable, roiSamples, queries, dropout];

    /// <summary>The training options set by these options.</summary>
    public DetectorTrainingOptions Training(ParseResult parsed)
    {
        if (parsed.GetValue(dropout) is { } dropped and not (>= 0 and < 1))
            throw new InputException($"--dropout is {dropped}; it must be 0 or more, and less than 1.");
        return new()
        {
            MaxSize = parsed.GetValue(maxSize),
            Augmentation = parsed.GetValue(augment) ?? AugmentationKind.Flip,
            Configure = network => network with
            {
                DeformableStages = parsed.GetValue(deformable),
                Roi = network.Roi with { SamplesPerImage = parsed.GetValue(roiSamples) ?? network.Roi.SamplesPerImage },
                Detr = network.Detr with
                {
                    Queries = parsed.GetValue(queries) ?? network.Detr.Queries,
                    Dropout = parsed.GetValue(dropout) ?? network.Detr.Dropout,
                },
            },
        };
    }

    private static AugmentationKind? ParseAugment(ArgumentResult result)
    {
        string text = result.Tokens is [{ Value: { Length: > 0 } value }] ? value : "-";
        if (Enum.TryParse(text.Replace("-", ""), ignoreCase: true, out AugmentationKind kind) && !char.IsAsciiDigit(text[0])) return kind;
        result.AddError($"--augment is '{text}'; it must be one of copy-paste, flip, lsj, mixup, mosaic, none or ssd.");
        return null;
    }
}
