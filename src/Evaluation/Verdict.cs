namespace Vision.Evaluation;

/// <summary>The judgment of <see cref="ErrorAnalysis"/> on a detection.</summary>
internal readonly record struct Verdict
{
    /// <summary>Whether it is correct.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>Its rank among the detections of its class and image, starting at 0.</summary>
    public int Rank { get; init; }

    /// <summary>The kind of error if it is a false positive.</summary>
    public ErrorKind Kind { get; init; }

    /// <summary>The object that it should have matched, if its class or position is wrong: an index in
    /// <see cref="EvaluationSet.Truths"/>.</summary>
    public int Truth { get; init; }
}
