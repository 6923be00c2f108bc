namespace Vision.Evaluation;

/// <summary>What became of a detection at one overlap threshold, for objects of one size.</summary>
internal enum Outcome : byte
{
    /// <summary>It matches no object: an error.</summary>
    FalsePositive,

    /// <summary>It matches an object that is to be found.</summary>
    TruePositive,

    /// <summary>It matches a crowd or an object of another size, or matches nothing and is of another size itself: not counted.</summary>
    Ignored,
}
