using System.CommandLine;
using System.Globalization;
using Vision.Training;

namespace Vision.Cli.Commands;

/// <summary>The options of <c>vision train</c> for classifiers.</summary>
internal sealed class ClassificationOptions
{
    private readonly Option<int?> size = CommonOptions.Count("--size",
        "Classifiers: side of the square crop of images, in pixels; by default the size that the weights were trained at: 224 for " +
            "most, 32 for CIFAR's networks.");
    private readonly Option<string> crop = new("--crop")
    {
        Description = "Classifiers: how training images are cropped. resized scales random crops, padded shifts the image by up to an " +
            "eighth, center is not random; auto is padded up to 64 pixels and resized above.",
        DefaultValueFactory = _ => "auto",
    };
    private readonly Option<bool> freshHead = new("--fresh-head")
    {
        Description = "Classifiers: start with a new last layer even if the weights have one for the same number of classes, because " +
            "they are different classes.",
    };
    private readonly Option<bool> freeze = new("--freeze-backbone") { Description = "Classifiers: train only the last layer." };
    private readonly Option<int?> randAugment = new("--rand-augment")
    {
        Description = "Classifiers: magnitude of RandAugment's geometric, color and tone changes, 0 to 30; usually 9.",
        HelpName = "N",
    };
    private readonly Option<double> erasing =
        Share("--random-erasing", "Classifiers: probability of erasing a random rectangle of a training image, 0 to 1; usually 0.1.");
    private readonly Option<double> mixup = new("--mixup")
    {
        Description = "Classifiers: blend training images with weights from a beta distribution with this parameter; usually 0.2.",
        HelpName = "X",
    };
    private readonly Option<double> cutMix = new("--cutmix")
    {
        Description =
            "Classifiers: paste a box of one training image into another; its area has a beta distribution with this parameter; usually 1.",
        HelpName = "X",
    };
    private readonly Option<double> smoothing =
        Share("--label-smoothing", "Classifiers: share of each target that is spread over all classes, 0 to 1; usually 0.1.");

    /// <summary>Restricts the kinds of crops.</summary>
    public ClassificationOptions() => crop.AcceptOnlyFromAmong("auto", "resized", "padded", "center");

    /// <summary>All options.</summary>
    public IReadOnlyList<Option> All => [size, crop, freshHead, freeze, randAugment, erasing, mixup, cutMix, smoothing];

    /// <summary>The training options set by these options.</summary>
    public ClassifierTrainingOptions Training(ParseResult parsed)
    {
        if (parsed.GetValue(randAugment) is { } strength and not (>= 0 and <= 30))
            throw new InputException($"--rand-augment is {strength}; it must be between 0 and 30.");
        if (parsed.GetValue(mixup) is not >= 0) throw new InputException($"--mixup is {parsed.GetValue(mixup)}; it must be 0 or more.");
        if (parsed.GetValue(cutMix) is not >= 0) throw new InputException($"--cutmix is {parsed.GetValue(cutMix)}; it must be 0 or more.");
        return new()
        {
            Size = parsed.GetValue(size),
            Crop = Enum.Parse<TrainingCrop>(parsed.GetRequiredValue(crop), ignoreCase: true),
            FreshHead = parsed.GetValue(freshHead),
            FreezeBackbone = parsed.GetValue(freeze),
            RandAugment = parsed.GetValue(randAugment),
            RandomErasing = parsed.GetValue(erasing),
            Mixup = parsed.GetValue(mixup),
            CutMix = parsed.GetValue(cutMix),
            LabelSmoothing = parsed.GetValue(smoothing),
        };
    }

    private static Option<double> Share(string name, string description)
    {
        Option<double> option = new(name) { Description = description, HelpName = "X" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out double value)
                && value is not (>= 0 and < 1))
            {
                result.AddError($"{name} is {value}; it must be between 0 and 1.");
            }
        });
        return option;
    }
}
