using Vision.Data;

namespace Vision.Training;

/// <summary>The random changes of training images.</summary>
/// <param name="Transform">What is done to each image; null for nothing.</param>
/// <param name="Mixing">What is made of several; null for nothing.</param>
internal sealed record Augmentation(IImageTransform? Transform, ISampleMixing? Mixing = null)
{
    /// <summary>Mirroring, and variation of colors by a part in [0, 1], as asked for; null for none.</summary>
    public static IImageTransform? Create(bool flip, double colorJitter) => Composed([.. Mirror(flip, []), .. Colors(colorJitter)]);

    /// <summary>The changes for a detector.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="flip">Whether half of the images are mirrored.</param>
    /// <param name="colorJitter">How far colors vary, in [0, 1].</param>
    /// <param name="size">Side of the images where they are brought to one size, in pixels.</param>
    /// <param name="data">The training images.</param>
    /// <exception cref="InputException">The data set lacks what these changes need.</exception>
    public static Augmentation Of(AugmentationKind kind, bool flip, double colorJitter, int size, DetectionDataset data)
    {
        if (kind == AugmentationKind.CopyPaste && !data.Samples.Any(sample => sample.Objects.Any(item => item.Segment is not null)))
            throw new InputException(
                $"Copy-paste augmentation needs segments, and {data.Name} has boxes alone: take large-scale jittering (lsj), or annotate " +
                "polygons.");
        IImageTransform[] mirror = Mirror(flip && kind != AugmentationKind.None, data.Categories), colors = Colors(colorJitter);
        IImageTransform[] jitter = [new ScaleJitter { Width = size, Height = size }, new FixedSizeCrop { Width = size, Height = size }];
        Mosaic mosaic = new() { Size = size };
        return kind switch
        {
            AugmentationKind.Ssd => new(new Compose([new RandomPhotometricDistort(), new RandomZoomOut(), new RandomIoUCrop(), .. mirror])),
            AugmentationKind.Lsj => new(new Compose([.. jitter, .. mirror, .. colors])),
            AugmentationKind.Mosaic => new(Composed([.. mirror, .. colors]), mosaic),
            AugmentationKind.Mixup => new(Composed([.. mirror, .. colors]), new MixInTurn(mosaic, new DetectionMixup())),
            AugmentationKind.CopyPaste => new(Composed(colors), new CopyPaste { Before = new Compose([.. jitter, .. mirror]) }),
            _ => new(Composed([.. mirror, .. colors])),
        };
    }

    private static Compose? Composed(IImageTransform[] steps) => steps.Length == 0 ? null : new(steps);

    private static IImageTransform[] Mirror(bool flip, IReadOnlyList<Category> categories) =>
        flip ? [new RandomHorizontalFlip(0.5, categories)] : [];

    private static IImageTransform[] Colors(double jitter) =>
        jitter == 0 ? [] : [new ColorJitter { Brightness = jitter, Contrast = jitter, Saturation = jitter }];
}
