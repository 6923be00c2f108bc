using Vision.Backbones;
using Vision.Classification;
using Vision.Data;

namespace Vision.Training;

/// <summary>How a classifier is trained.</summary>
public sealed record ClassifierTrainingOptions : TrainingOptions
{
    // Up to this side, objects fill the image: random parts of it would miss them.
    private const int LargestPadded = 64;

    /// <summary>The side of the square that images are cut to, in pixels; null for that of the
    /// weights: 224 for most, 32 for CIFAR's networks.</summary>
    public int? Size { get; init; }

    /// <summary>How training images are cut.</summary>
    public TrainingCrop Crop { get; init; } = TrainingCrop.Auto;

    /// <summary>Start with a new last layer even where the weights have one for as many classes, since these are other classes.</summary>
    public bool FreshHead { get; init; }

    /// <summary>Train the last layer alone.</summary>
    public bool FreezeBackbone { get; init; }

    /// <summary>The strength of RandAugment's changes, 0 to 30, of which 9 is usual; null for none.</summary>
    public int? RandAugment { get; init; }

    /// <summary>How often a rectangle of a training image is hidden, in [0, 1]; 0.1 is usual.</summary>
    public double RandomErasing { get; init; }

    /// <summary>The parameter of the beta distribution that mixup draws shares from; 0 for no mixup, 0.2 is usual.</summary>
    public double Mixup { get; init; }

    /// <summary>The parameter of the beta distribution that CutMix draws areas from; 0 for no CutMix, 1 is usual.</summary>
    public double CutMix { get; init; }

    /// <summary>The share of each target that is spread over all classes, in [0, 1); 0.1 is usual.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>What images go through, with the size that is asked for.</summary>
    internal Preprocessing Preprocessing(string model, string? weights)
    {
        Preprocessing usual = StartingClassifier.PreprocessingOf(model, weights);
        // The margin around the crop grows and shrinks with it.
        return Size is { } side ? usual with { Crop = side, Resize = (int)Math.Round((double)usual.Resize * side / usual.Crop) } : usual;
    }

    /// <summary>What training images go through.</summary>
    internal IImageTransform Transform(Preprocessing preprocessing)
    {
        ClassifierInput input = new(preprocessing);
        int side = preprocessing.Crop;
        List<IImageTransform> steps =
        [
            Crop switch
            {
                TrainingCrop.Center => input.Crop,
                TrainingCrop.Padded => new RandomPaddedCrop(side, side / 8),
                TrainingCrop.Auto when side <= LargestPadded => new RandomPaddedCrop(side, side / 8),
                _ => new RandomResizedCrop { Size = side, Filter = input.Filter },
            },
        ];
        if (Augmentation.Create(Flip, ColorJitter) is { } usual) steps.Add(usual);
        if (RandAugment is { } strength) steps.Add(new RandAugment { Magnitude = strength });
        if (RandomErasing > 0) steps.Add(new RandomErasing { Probability = RandomErasing });
        return new Compose([.. steps]);
    }

    /// <summary>How batches are mixed; null for not at all.</summary>
    internal BatchMixing? Mixing() => Mixup + CutMix > 0 ? new() { MixupAlpha = Mixup, CutMixAlpha = CutMix } : null;
}
