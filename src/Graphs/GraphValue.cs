namespace Vision.Graphs;

/// <summary>A value in a graph: a tensor, a number, a list, or None.</summary>
public sealed class GraphValue
{
    internal GraphValue(string name, long[]? shape)
    {
        Name = name;
        Shape = shape;
    }

    /// <summary>Its name: a state-dict key for a parameter, otherwise a number.</summary>
    public string Name { get; internal set; }

    /// <summary>The shape that it had for the example; null if it is no tensor.</summary>
    public IReadOnlyList<long>? Shape { get; }

    /// <summary>The node that computes it; null for inputs, parameters and constants.</summary>
    public GraphNode? Producer { get; internal set; }

    /// <summary>Whether <see cref="Constant"/> is its value.</summary>
    public bool IsConstant { get; private set; }

    /// <summary>The value of a constant: a long, double, bool, string, Tensor, an array of these, or null for None.</summary>
    public object? Constant { get; private set; }

    /// <summary>A constant that is no value of the traced network.</summary>
    internal static GraphValue Of(object? constant, string name = "constant")
    {
        GraphValue value = new(name, null);
        value.Fix(constant);
        return value;
    }

    /// <summary>Makes it a constant.</summary>
    internal void Fix(object? constant) => (IsConstant, Constant, Producer) = (true, constant, null);

    /// <inheritdoc/>
    public override string ToString() => $"%{Name}";
}
