namespace Vision.Training;

/// <summary>The value of an option in a <see cref="RunFile"/>, as text.</summary>
/// <param name="Texts">Its text, or those of a list; empty for an option that was not given.</param>
/// <param name="IsList">Whether the option takes a list.</param>
public sealed record OptionValue(IReadOnlyList<string> Texts, bool IsList = false)
{
    /// <summary>An option that was not given: the model's default applies.</summary>
    public static OptionValue None { get; } = new([]);

    /// <summary>Whether it was given: an empty list says as little as none.</summary>
    public bool IsGiven => Texts.Count > 0;

    /// <inheritdoc/>
    public bool Equals(OptionValue? other) => other is not null && Texts.SequenceEqual(other.Texts)
        && (!IsGiven || IsList == other.IsList);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The text, or the list separated by spaces; "default" for an option that was not given.</summary>
    public override string ToString() => IsGiven ? string.Join(' ', Texts) : "default";
}
