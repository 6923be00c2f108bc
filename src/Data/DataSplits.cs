namespace Vision.Data;

/// <summary>A data set for training: training images and validation images.</summary>
/// <typeparam name="TDataset">The kind of data set: annotated objects, pixels or whole images.</typeparam>
/// <param name="Train">The training images.</param>
/// <param name="Validation">The validation images, with the same classes in the same order.</param>
/// <param name="ValidationSource">Where the validation images come from, as readable text.</param>
public sealed record DataSplits<TDataset>(TDataset Train, TDataset Validation, string ValidationSource = "given by the program")
    where TDataset : IDataset
{
    /// <summary>The folder that the images were read from, and how; null if a program put them together.</summary>
    public DataSource? Source { get; init; }

    private const double HeldOut = 0.1;

    /// <summary>Chooses the validation images: the named split, the one whose name begins with
    /// "val", or a tenth held out of the training images.</summary>
    /// <param name="train">The training images.</param>
    /// <param name="named">The validation split that the user named; null for none.</param>
    /// <param name="splits">The splits of the data set.</param>
    /// <param name="read">Reads a split by name.</param>
    /// <param name="holdOut">Divides the training images, given the fraction to hold out.</param>
    internal static DataSplits<TDataset> Choose(
        TDataset train, string? named, IReadOnlyList<string> splits, Func<string, TDataset> read,
        Func<double, (TDataset Train, TDataset HeldOut)> holdOut)
    {
        if (named is null && splits.Any(name => name.StartsWith("val", StringComparison.OrdinalIgnoreCase))) named = "val";
        if (named is not null) return new(train, read(named), "a split of the data set");
        (TDataset rest, TDataset held) = holdOut(HeldOut);
        return new(rest, held, "held out of the training images, since there is no validation split");
    }
}
