namespace Vision.Data;

/// <summary>Which problems are mistakes.</summary>
public static class DatasetProblemSeverity
{
    /// <summary>Whether something is wrong, and lost or misleading; otherwise it is worth a look, and may be as it should be.</summary>
    public static bool IsError(this DatasetProblemKind kind) => kind is not (
        DatasetProblemKind.ClippedBox or DatasetProblemKind.DuplicateBox or DatasetProblemKind.DuplicateImage or DatasetProblemKind.TurnedImage
        or DatasetProblemKind.UnusedClass or DatasetProblemKind.RareClass or DatasetProblemKind.SegmentBesideBox or DatasetProblemKind.AnchorMisfit
        or DatasetProblemKind.GuessedClasses or DatasetProblemKind.ConstantMask or DatasetProblemKind.MostlyIgnored
        or DatasetProblemKind.LostInFormat or DatasetProblemKind.EmptyClass or DatasetProblemKind.OddFile);
}
