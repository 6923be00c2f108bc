using Vision.Data;
using Vision.Detection;

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

    /// <summary>The images that the augmentation for a detector makes of a data set's; null if they keep their sizes.</summary>
    /// <param name="kind">The kind of augmentation.</param>
    /// <param name="network">The network's options.</param>
    /// <param name="data">The training images.</param>
    public static LoadedImages? Loaded(AugmentationKind kind, DetectorOptions network, DetectionDataset data)
    {
        switch (kind)
        {
            case AugmentationKind.None or AugmentationKind.Flip: return null;
            case AugmentationKind.Lsj or AugmentationKind.Mosaic or AugmentationKind.CopyPaste:
                return LoadedImages.Any((network.MinSize, network.MinSize));
            case AugmentationKind.Mixup:                        // blended with an unscaled image: the canvas holds both
                return LoadedImages.Any((Math.Max(network.MinSize, data.Samples.Max(sample => sample.Width)),
                    Math.Max(network.MinSize, data.Samples.Max(sample => sample.Height))));
            default:
                // Crops of a canvas of up to four times the image's sides, of any shape: the longest ones that the network allows.
                int width = (int)(new RandomZoomOut().MaxSide * data.Samples.Max(sample => sample.Width)),
                    height = (int)(new RandomZoomOut().MaxSide * data.Samples.Max(sample => sample.Height));
                double ratio = (double)network.MinSize / network.MaxSize;
                return LoadedImages.Any((width, Math.Max(1, (int)(width * ratio))), (Math.Max(1, (int)(height * ratio)), height));
        }
    }

    /// <summary>The most images that the augmentation for a detector combines into one.</summary>
    public static int MixedImages(AugmentationKind kind) => kind switch
    {
        AugmentationKind.Mosaic => 4,
        AugmentationKind.Mixup => 5,
        AugmentationKind.CopyPaste => 2,
        _ => 1,
    };

    private static Compose? Composed(IImageTransform[] steps) => steps.Length == 0 ? null : new(steps);

    private static IImageTransform[] Mirror(bool flip, IReadOnlyList<Category> categories) =>
        flip ? [new RandomHorizontalFlip(0.5, categories)] : [];

    private static IImageTransform[] Colors(double jitter) =>
        jitter == 0 ? [] : [new ColorJitter { Brightness = jitter, Contrast = jitter, Saturation = jitter }];
}
