namespace Vision.Training;

/// <summary>How the training images of a classifier are cut to a square.</summary>
public enum TrainingCrop
{
    /// <summary><see cref="Padded"/> up to 64 pixels, and <see cref="Resized"/> above.</summary>
    Auto,

    /// <summary>A random part, scaled to the square.</summary>
    Resized,

    /// <summary>The image, moved by up to an eighth of its side.</summary>
    Padded,

    /// <summary>The center, as in prediction: nothing is random.</summary>
    Center,
}
