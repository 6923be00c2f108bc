namespace Vision.Evaluation;

/// <summary>What <see cref="ErrorAnalysis"/> finds of a detection.</summary>
internal readonly record struct Verdict
{
    /// <summary>Whether it is right.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>Its rank among the detections of its class and image, from 0.</summary>
    public int Rank { get; init; }

    /// <summary>What is wrong with it where it is a false positive.</summary>
    public ErrorKind Kind { get; init; }

    /// <summary>The object that it should have been on, where class or place is wrong: a
    /// place in <see cref="EvaluationSet.Truths"/>.</summary>
    public int Truth { get; init; }
}
