using Vision.Backbones;
using Vision.Classification;
using Vision.Data;

namespace Vision.Training;

/// <summary>How a classifier is trained.</summary>
public sealed record ClassifierTrainingOptions : TrainingOptions
{
    // Up to this side, objects fill the image, and random crops would miss them.
    private const int LargestPadded = 64;

    /// <summary>The side of the square crops, in pixels; null for that of the weights: 224 for most, 32 for CIFAR's networks.</summary>
    public int? Size { get; init; }

    /// <summary>How training images are cropped.</summary>
    public TrainingCrop Crop { get; init; } = TrainingCrop.Auto;

    /// <summary>Start with a new last layer even if the weights have one for the same number of classes,
    /// because they are different classes.</summary>
    public bool FreshHead { get; init; }

    /// <summary>Train only the last layer.</summary>
    public bool FreezeBackbone { get; init; }

    /// <summary>The magnitude of RandAugment, 0 to 30, usually 9; null for none.</summary>
    public int? RandAugment { get; init; }

    /// <summary>The probability of erasing a random rectangle of a training image, in [0, 1]; usually 0.1.</summary>
    public double RandomErasing { get; init; }

    /// <summary>The parameter of the beta distribution from which mixup draws shares; 0 for no mixup, usually 0.2.</summary>
    public double Mixup { get; init; }

    /// <summary>The parameter of the beta distribution from which CutMix draws areas; 0 for no CutMix, usually 1.</summary>
    public double CutMix { get; init; }

    /// <summary>The share of each target that is spread over all classes, in [0, 1); usually 0.1.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>The preprocessing of images, with the requested size.</summary>
    internal Preprocessing Preprocessing(string model, string? weights)
    {
        Preprocessing usual = StartingClassifier.PreprocessingOf(model, weights);
        // The margin around the crop scales with it.
        return Size is { } side ? usual with { Crop = side, Resize = (int)Math.Round((double)usual.Resize * side / usual.Crop) } : usual;
    }

    /// <summary>The transform of training images.</summary>
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

    /// <summary>How batches are mixed; null for no mixing.</summary>
    internal BatchMixing? Mixing() => Mixup + CutMix > 0 ? new() { MixupAlpha = Mixup, CutMixAlpha = CutMix } : null;
}
