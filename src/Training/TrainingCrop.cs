namespace Vision.Training;

/// <summary>How the training images of a classifier are cropped to a square.</summary>
public enum TrainingCrop
{
    /// <summary><see cref="Padded"/> up to 64 pixels, and <see cref="Resized"/> above.</summary>
    Auto,

    /// <summary>A random crop, scaled to the square.</summary>
    Resized,

    /// <summary>The image, shifted by up to an eighth of its side.</summary>
    Padded,

    /// <summary>The center, without randomness, as in prediction.</summary>
    Center,
}
