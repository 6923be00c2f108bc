namespace Vision.Evaluation;

/// <summary>The outcome of a detection at one overlap threshold and for one size range.</summary>
internal enum Outcome : byte
{
    /// <summary>It matches no object: an error.</summary>
    FalsePositive,

    /// <summary>It matches an object to find.</summary>
    TruePositive,

    /// <summary>It matches a crowd or an object of another size, or is unmatched and of another size itself: not counted.</summary>
    Ignored,
}
