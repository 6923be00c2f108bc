namespace Vision.Evaluation;

/// <summary>What a detector's errors are and what each kind costs.</summary>
/// <param name="AP50">The mean average precision at an overlap of 0.5, from which the gains
/// are counted; −1 where there is no ground truth.</param>
/// <param name="Shares">The kinds, in the order of <see cref="ErrorKind"/>.</param>
public sealed record DetectionErrors(double AP50, IReadOnlyList<ErrorShare> Shares)
{
    /// <summary>The errors of one kind.</summary>
    public ErrorShare this[ErrorKind kind] => Shares[(int)kind];
}
