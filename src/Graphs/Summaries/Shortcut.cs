namespace Vision.Graphs;

/// <summary>How a block's input reaches its end beside its layers.</summary>
internal enum Shortcut
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Added to the result as it is.</summary>
    Identity,

    /// <summary>Added after a layer that changes its shape.</summary>
    Projection,

    /// <summary>The result is appended to it.</summary>
    Concatenation,
}
