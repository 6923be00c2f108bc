namespace Vision.Data;

/// <summary>Tells errors from warnings.</summary>
public static class DatasetProblemSeverity
{
    /// <summary>Whether the problem is an error: data is lost or misleading. Other problems are warnings:
    /// worth a look, but possibly intended.</summary>
    public static bool IsError(this DatasetProblemKind kind) => kind is not (
        DatasetProblemKind.ClippedBox or DatasetProblemKind.DuplicateBox or DatasetProblemKind.DuplicateImage
        or DatasetProblemKind.TurnedImage or DatasetProblemKind.UnusedClass or DatasetProblemKind.RareClass
        or DatasetProblemKind.SegmentBesideBox or DatasetProblemKind.AnchorMisfit
        or DatasetProblemKind.GuessedClasses or DatasetProblemKind.ConstantMask or DatasetProblemKind.MostlyIgnored
        or DatasetProblemKind.LostInFormat or DatasetProblemKind.EmptyClass or DatasetProblemKind.OddFile);
}
