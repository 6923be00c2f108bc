namespace Vision.Evaluation;

/// <summary>A detector's errors by kind, and what each kind costs.</summary>
/// <param name="AP50">The mean average precision at an overlap of 0.5, to which the gains refer; −1 if there is no ground truth.</param>
/// <param name="Shares">The kinds, in the order of <see cref="ErrorKind"/>.</param>
public sealed record DetectionErrors(double AP50, IReadOnlyList<ErrorShare> Shares)
{
    /// <summary>The errors of one kind.</summary>
    public ErrorShare this[ErrorKind kind] => Shares[(int)kind];
}
