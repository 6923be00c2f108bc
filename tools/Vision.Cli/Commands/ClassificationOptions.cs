using System.CommandLine;
using System.Globalization;
using Vision.Backbones;
using Vision.Classification;
using Vision.Cli.Training;
using Vision.Data;
using Vision.Training;

namespace Vision.Cli.Commands;

/// <summary>The options of <c>vision train</c> that are for classifiers.</summary>
internal sealed class ClassificationOptions
{
    private readonly Option<int?> size = CommonOptions.Count("--size", "Classifiers: side of the square that images are cut to, in pixels; by default what the weights were trained at: 224 for most, 32 for CIFAR's networks.");
    private readonly Option<string> crop = new("--crop") { Description = "Classifiers: how training images are cut. resized takes random parts and scales them, padded moves the image by up to an eighth, center leaves chance out; auto is padded up to 64 pixels, and resized above.", DefaultValueFactory = _ => "auto" };
    private readonly Option<bool> freshHead = new("--fresh-head") { Description = "Classifiers: start with a fresh last layer even where the weights have one for as many classes, since these are other classes." };
    private readonly Option<bool> freeze = new("--freeze-backbone") { Description = "Classifiers: train the last layer alone." };
    private readonly Option<int?> randAugment = new("--rand-augment") { Description = "Classifiers: strength of random changes of place, colour and tone, 0 to 30; 9 is usual.", HelpName = "N" };
    private readonly Option<double> erasing = Share("--random-erasing", "Classifiers: how often a rectangle of a training image is hidden, 0 to 1; 0.1 is usual.");
    private readonly Option<double> mixup = new("--mixup") { Description = "Classifiers: mix training images in shares from a beta distribution with this parameter; 0.2 is usual.", HelpName = "X" };
    private readonly Option<double> cutMix = new("--cutmix") { Description = "Classifiers: put a part of one training image into another, of a share drawn likewise; 1 is usual.", HelpName = "X" };
    private readonly Option<double> smoothing = Share("--label-smoothing", "Classifiers: the share of each target that is spread over all classes, 0 to 1; 0.1 is usual.");

    /// <summary>Names the ways to cut.</summary>
    public ClassificationOptions() => crop.AcceptOnlyFromAmong("auto", "resized", "padded", "center");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [size, crop, freshHead, freeze, randAugment, erasing, mixup, cutMix, smoothing];

    /// <summary>What images go through, with the size that was asked for.</summary>
    public Preprocessing Preprocessing(ParseResult parsed, string model, string? weights)
    {
        Preprocessing usual = StartingClassifier.PreprocessingOf(model, weights);
        // The margin around the crop grows and shrinks with it.
        return parsed.GetValue(size) is { } side ? usual with { Crop = side, Resize = (int)Math.Round((double)usual.Resize * side / usual.Crop) } : usual;
    }

    /// <summary>The random changes of training images.</summary>
    public IImageTransform Transform(ParseResult parsed, Preprocessing preprocessing, bool flip, double colorJitter)
    {
        ClassifierInput input = new(preprocessing);
        int side = preprocessing.Crop;
        List<IImageTransform> steps =
        [
            parsed.GetRequiredValue(crop) switch
            {
                "center" => input.Crop,
                "padded" => new RandomPaddedCrop(side, side / 8),
                "auto" when side <= 64 => new RandomPaddedCrop(side, side / 8),
                _ => new RandomResizedCrop { Size = side, Filter = input.Filter },
            },
        ];
        if (Augmentation.Create(flip, colorJitter) is { } usual) steps.Add(usual);
        if (parsed.GetValue(randAugment) is { } strength)
            steps.Add(new RandAugment { Magnitude = strength is >= 0 and <= 30 ? strength : throw new InputException($"--rand-augment is {strength}; it lies between 0 and 30.") });
        if (parsed.GetValue(erasing) is > 0 and var often) steps.Add(new RandomErasing { Probability = often });
        return new Compose([.. steps]);
    }

    /// <summary>The mixing of training batches; null for none.</summary>
    public BatchMixing? Mixing(ParseResult parsed)
    {
        double first = parsed.GetValue(mixup), second = parsed.GetValue(cutMix);
        if (first is not >= 0) throw new InputException($"--mixup is {first}; it is 0 or more.");
        if (second is not >= 0) throw new InputException($"--cutmix is {second}; it is 0 or more.");
        return first + second > 0 ? new() { MixupAlpha = first, CutMixAlpha = second } : null;
    }

    /// <summary>The share of targets that is spread.</summary>
    public double Smoothing(ParseResult parsed) => parsed.GetValue(smoothing);

    /// <summary>Whether the last layer of the weights is left out.</summary>
    public bool StartsWithFreshHead(ParseResult parsed) => parsed.GetValue(freshHead);

    /// <summary>Whether the last layer alone is trained.</summary>
    public bool FreezesBackbone(ParseResult parsed) => parsed.GetValue(freeze);

    private static Option<double> Share(string name, string description)
    {
        Option<double> option = new(name) { Description = description, HelpName = "X" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out double value) && value is not (>= 0 and < 1))
                result.AddError($"{name} is {value}; it lies between 0 and 1.");
        });
        return option;
    }
}
