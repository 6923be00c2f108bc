using Vision.Data;

namespace Vision.Cli.Training;

/// <summary>The random changes of training images that the command line offers.</summary>
/// <param name="Transform">What is done to each image; null for nothing.</param>
/// <param name="Mixing">What is made of several; null for nothing.</param>
internal sealed record Augmentation(IImageTransform? Transform, ISampleMixing? Mixing = null)
{
    /// <summary>Mirroring and variation of colours, as wished; null for none.</summary>
    /// <exception cref="InputException">The variation is not in [0, 1].</exception>
    public static IImageTransform? Create(bool flip, double colorJitter) => Of(AugmentRecipe.None, flip, colorJitter, 1, []).Transform;

    /// <summary>A recipe.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="flip">Whether half of the images are mirrored.</param>
    /// <param name="colorJitter">How far colours vary, in [0, 1].</param>
    /// <param name="size">Side of the images that a recipe of one size makes, in pixels.</param>
    /// <param name="categories">The data set's classes, which name keypoints.</param>
    /// <exception cref="InputException">The variation is not in [0, 1].</exception>
    public static Augmentation Of(AugmentRecipe kind, bool flip, double colorJitter, int size, IReadOnlyList<Category> categories)
    {
        if (colorJitter is not (>= 0 and <= 1)) throw new InputException($"--color-jitter is {colorJitter}; it lies between 0 and 1.");
        IImageTransform[] mirror = flip ? [new RandomHorizontalFlip(0.5, categories)] : [];
        IImageTransform[] colours = colorJitter > 0 ? [new ColorJitter { Brightness = colorJitter, Contrast = colorJitter, Saturation = colorJitter }] : [];
        IImageTransform[] jitter = [new ScaleJitter { Width = size, Height = size }, new FixedSizeCrop { Width = size, Height = size }];
        Mosaic mosaic = new() { Size = size };
        return kind switch
        {
            AugmentRecipe.Ssd => new(new Compose([new RandomPhotometricDistort(), new RandomZoomOut(), new RandomIoUCrop(), .. mirror])),
            AugmentRecipe.Lsj => new(new Compose([.. jitter, .. mirror, .. colours])),
            AugmentRecipe.Mosaic => new(new Compose([.. mirror, .. colours]), mosaic),
            AugmentRecipe.Mixup => new(new Compose([.. mirror, .. colours]), new MixInTurn(mosaic, new DetectionMixup())),
            AugmentRecipe.CopyPaste => new(colours.Length > 0 ? new Compose(colours) : null, new CopyPaste { Before = new Compose([.. jitter, .. mirror]) }),
            _ => new(mirror.Length + colours.Length == 0 ? null : new Compose([.. mirror, .. colours])),
        };
    }
}
