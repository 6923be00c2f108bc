namespace Vision.Training;

/// <summary>What happened when a failed training step was repeated.</summary>
public sealed record ReplayResult
{
    /// <summary>Whether the step failed again.</summary>
    public required bool Failed { get; init; }

    /// <summary>The pass in which it failed; null if it did not.</summary>
    public ReplayPass? Pass { get; init; }

    /// <summary>The layer where it began, by its place in the model such as <c>backbone.layer1.0.conv1</c>; null if it did not begin in a
    /// layer.</summary>
    public string? Layer { get; init; }

    /// <summary>The operation where it began: the type of the layer, or the operation whose backward pass failed; null if it is not
    /// known.</summary>
    public string? Operation { get; init; }

    /// <summary>Whether it failed by an exception, not by values that are not finite.</summary>
    public bool IsException { get; init; }

    /// <summary>One line that says all this.</summary>
    public required string Text { get; init; }

    /// <summary>What differs from the machine on which it failed, such as "threads was 8 and is now 2".</summary>
    public required IReadOnlyList<string> Differences { get; init; }
}
