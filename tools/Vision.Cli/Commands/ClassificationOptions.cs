using System.CommandLine;
using System.Globalization;
using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Training;

namespace Vision.Cli.Commands;

/// <summary>The options of <c>vision train</c> that are for classifiers.</summary>
internal sealed class ClassificationOptions
{
    private readonly Option<int?> size =
        CommonOptions.Count("--size", "Classifiers: side of the square that images are cut to, in pixels; by default what the weights " +
        "were trained at: 224 for most, 32 for CIFAR's networks.");
    private readonly Option<string> crop =
        new("--crop") { Description = "Classifiers: how training images are cut. resized takes random parts and scales them, padded " +
        "moves the image by up to an eighth, center leaves chance out; auto is padded up to 64 pixels, and resized above.",
        DefaultValueFactory = _ => "auto" };
    private readonly Option<bool> freshHead =
        new("--fresh-head") { Description =
            "Classifiers: start with a fresh last layer even where the weights have one for as many classes, since these are other classes." };
    private readonly Option<bool> freeze = new("--freeze-backbone") { Description = "Classifiers: train the last layer alone." };
    private readonly Option<int?> randAugment =
        new("--rand-augment") { Description = "Classifiers: strength of random changes of place, color and tone, 0 to 30; 9 is usual.",
            HelpName = "N" };
    private readonly Option<double> erasing =
        Share("--random-erasing", "Classifiers: how often a rectangle of a training image is hidden, 0 to 1; 0.1 is usual.");
    private readonly Option<double> mixup =
        new("--mixup") { Description =
            "Classifiers: mix training images in shares from a beta distribution with this parameter; 0.2 is usual.", HelpName = "X" };
    private readonly Option<double> cutMix =
        new("--cutmix") { Description =
            "Classifiers: put a part of one training image into another, of a share drawn likewise; 1 is usual.", HelpName = "X" };
    private readonly Option<double> smoothing =
        Share("--label-smoothing", "Classifiers: the share of each target that is spread over all classes, 0 to 1; 0.1 is usual.");

    /// <summary>Names the ways to cut.</summary>
    public ClassificationOptions() => crop.AcceptOnlyFromAmong("auto", "resized", "padded", "center");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [size, crop, freshHead, freeze, randAugment, erasing, mixup, cutMix, smoothing];

    /// <summary>How a classifier is trained, as far as these options say.</summary>
    public ClassifierTrainingOptions Training(ParseResult parsed)
    {
        if (parsed.GetValue(randAugment) is { } strength and not (>= 0 and <= 30))
            throw new InputException($"--rand-augment is {strength}; it lies between 0 and 30.");
        if (parsed.GetValue(mixup) is not >= 0) throw new InputException($"--mixup is {parsed.GetValue(mixup)}; it is 0 or more.");
        if (parsed.GetValue(cutMix) is not >= 0) throw new InputException($"--cutmix is {parsed.GetValue(cutMix)}; it is 0 or more.");
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
                result.AddError($"{name} is {value}; it lies between 0 and 1.");
        });
        return option;
    }
}
