using Vision.Data;

namespace Vision.Cli.Training;

/// <summary>The random changes of training images that the command line offers.</summary>
internal static class Augmentation
{
    /// <summary>Mirroring and variation of colours, as wished; null for none.</summary>
    /// <exception cref="InputException">The variation is not in [0, 1].</exception>
    public static IImageTransform? Create(bool flip, double colorJitter)
    {
        if (colorJitter is not (>= 0 and <= 1)) throw new InputException($"--color-jitter is {colorJitter}; it lies between 0 and 1.");
        List<IImageTransform> transforms = [];
        if (flip) transforms.Add(new RandomHorizontalFlip());
        if (colorJitter > 0) transforms.Add(new ColorJitter { Brightness = colorJitter, Contrast = colorJitter, Saturation = colorJitter });
        return transforms.Count == 0 ? null : new Compose([.. transforms]);
    }
}
