using Vision.Data;

namespace Vision.Training;

/// <summary>The augmentation of training images.</summary>
/// <param name="Transform">The transform of each image; null for none.</param>
/// <param name="Mixing">The mixing of several images; null for none.</param>
internal sealed record Augmentation(IImageTransform? Transform, ISampleMixing? Mixing = null)
{
    /// <summary>Optional flipping, and color jitter of a strength in [0, 1]; null for neither.</summary>
    public static IImageTransform? Create(bool flip, double colorJitter) => Composed([.. Mirror(flip, []), .. Colors(colorJitter)]);

    /// <summary>The augmentation for a detector.</summary>
    /// <param name="kind">The kind of augmentation.</param>
    /// <param name="flip">Whether to flip half of the images horizontally.</param>
    /// <param name="colorJitter">The strength of color jitter, in [0, 1].</param>
    /// <param name="size">Side of the images in pixels, for augmentations that produce images of equal size.</param>
    /// <param name="data">The training images.</param>
    /// <exception cref="InputException">The data set lacks what the augmentation needs.</exception>
    public static Augmentation Of(AugmentationKind kind, bool flip, double colorJitter, int size, DetectionDataset data)
    {
        if (kind == AugmentationKind.CopyPaste && !data.Samples.Any(sample => sample.Objects.Any(item => item.Segment is not null)))
            throw new InputException(
                $"Copy-paste augmentation needs segments, but {data.Name} has only boxes: " +
                "use large-scale jittering (lsj), or annotate polygons.");
        IImageTransform[] mirror = Mirror(flip && kind != AugmentationKind.None, data.Categories), colors = Colors(colorJitter);
        IImageTransform[] jitter = [new ScaleJitter { Width = size, Height = size }, new FixedSizeCrop { Width = size, Height = size }];
        Mosaic mosaic = new() { Size = size };
        return kind switch
        {
            AugmentationKind.Ssd => new(new Compose([new RandomPhotometricDistort(), new RandomZoomOut(), new RandomIoUCrop(), .. mirror])),
            AugmentationKind.Lsj => new(new Compose([.. jitter, .. mirror, .. colors])),
            AugmentationKind.Mosaic => new(Composed([.. mirror, .. colors]), mosaic),
            AugmentationKind.Mixup => new(Composed([.. mirror, .. colors]), new SequentialMixing(mosaic, new DetectionMixup())),
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
