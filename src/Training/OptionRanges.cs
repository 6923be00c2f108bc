using System.Runtime.CompilerServices;

namespace Vision.Training;

/// <summary>The ranges of training options: invalid values are rejected before anything is done.</summary>
internal static class OptionRanges
{
    private const string Positive = "above 0", NotNegative = "0 or more", Count = "1 or more";
    private const string Share = "0 to 1", LessThanOne = "0 or more, and less than 1", PositiveShare = "above 0, and 1 at most";

    /// <summary>Checks the trainer's options.</summary>
    /// <exception cref="InputException">An option is out of range; the message names it, its value and the range.</exception>
    public static void Check(TrainerOptions options)
    {
        Require(options.Epochs >= 1, options.Epochs, Count);
        Require(IsPositive(options.LearningRate), options.LearningRate, Positive);
        Require(options.BackboneRateFactor is > 0 and <= 1, options.BackboneRateFactor,
            $"{PositiveShare} (to train only the last layers, freeze the backbone)");
        Require(options.Momentum is >= 0 and < 1, options.Momentum, LessThanOne);
        Require(options.WeightDecay == 0 || IsPositive(options.WeightDecay), options.WeightDecay, NotNegative);
        Require(options.WarmupSteps is null or >= 0, options.WarmupSteps, NotNegative);
        foreach (double milestone in options.Milestones)
            Require(IsPositive(milestone), milestone, $"a fraction of the run, {Positive}", nameof(options.Milestones));
        Require(options.MilestoneFactor is > 0 and <= 1, options.MilestoneFactor, PositiveShare);
        Require(options.ClipGradientNorm is not { } norm || IsPositive(norm), options.ClipGradientNorm,
            $"{Positive} (leave it out for no clipping)");
        Require(options.LayerRateDecay is > 0 and <= 1, options.LayerRateDecay, PositiveShare);
        Require(options.PlateauPatience >= 1, options.PlateauPatience, Count);
        Require(options.Accumulate >= 1, options.Accumulate, Count);
        Require(options.AverageDecay is null or (> 0 and < 1), options.AverageDecay,
            "above 0, and less than 1 (leave it out for no average)");
        Require(options.FreezeStages >= 0, options.FreezeStages, NotNegative);
        Require(options.ThawEpoch is null or >= 2, options.ThawEpoch, "an epoch, 2 or more");
        Require(options.EarlyStopping is null or >= 1, options.EarlyStopping, Count);
        Require(options.TimeBudget is null || options.TimeBudget > TimeSpan.Zero, options.TimeBudget, Positive);
        Require(options.SaveTop >= 0, options.SaveTop, NotNegative);
        Require(options.PreciseBatchNorm is null or >= 0, options.PreciseBatchNorm, NotNegative);
        Require(options.LogEverySteps >= 1, options.LogEverySteps, Count);
        Require(options.CheckpointInterval >= TimeSpan.Zero, options.CheckpointInterval, NotNegative);
    }

    /// <summary>Checks the training options besides the trainer's.</summary>
    /// <exception cref="InputException">An option is out of range; the message names it, its value and the range.</exception>
    public static void Check(TrainingOptions options)
    {
        Require(options.BatchSize is null or >= 1, options.BatchSize, Count);
        if (options is { AutoBatchSize: true, BatchSize: not null })
            throw new InputException($"BatchSize is {options.BatchSize}, and AutoBatchSize chooses one: give only one of them.");
        if (options is { TimeBudget: not null, Epochs: null, Milestones.Count: > 0 })
            throw new InputException("Milestones are epochs, so with a TimeBudget they need Epochs, too; or choose another schedule.");
        foreach (int milestone in options.Milestones ?? [])
            Require(milestone >= 1, milestone, $"an epoch, {Count}", nameof(options.Milestones));
        Require(options.ColorJitter is >= 0 and <= 1, options.ColorJitter, Share);
        Require(options.RepeatThreshold is null or (> 0 and <= 1), options.RepeatThreshold, PositiveShare);
        switch (options)
        {
            case DetectorTrainingOptions detector:
                Require(detector.MinSize is null or >= 1, detector.MinSize, Count);
                Require(detector.MaxSize is null or >= 1, detector.MaxSize, Count);
                break;
            case SegmenterTrainingOptions segmenter:
                Require(segmenter.MinSize >= 1, segmenter.MinSize, Count);
                Require(segmenter.CropSize is null or >= 1, segmenter.CropSize, Count);
                (double least, double greatest) = segmenter.Scales;
                Require(IsPositive(least) && double.IsFinite(greatest) && greatest >= least, segmenter.Scales,
                    $"two factors {Positive}, the smaller one first");
                break;
            case ClassifierTrainingOptions classifier:
                Require(classifier.Size is null or >= 1, classifier.Size, Count);
                Require(classifier.RandAugment is null or (>= 0 and <= 30), classifier.RandAugment, "0 to 30");
                Require(classifier.RandomErasing is >= 0 and <= 1, classifier.RandomErasing, Share);
                Require(classifier.Mixup == 0 || IsPositive(classifier.Mixup), classifier.Mixup, NotNegative);
                Require(classifier.CutMix == 0 || IsPositive(classifier.CutMix), classifier.CutMix, NotNegative);
                Require(classifier.LabelSmoothing is >= 0 and < 1, classifier.LabelSmoothing, LessThanOne);
                break;
        }
    }

    private static bool IsPositive(double value) => value > 0 && double.IsFinite(value);

    private static void Require(bool fits, object? value, string range, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!fits) throw new InputException($"{name[(name.IndexOf('.') + 1)..]} is {value}; it must be {range}.");
    }
}
