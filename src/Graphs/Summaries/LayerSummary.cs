namespace Vision.Graphs;

/// <summary>A layer of a network, or several together.</summary>
public sealed record LayerSummary
{
    /// <summary>The name of its module, as in the state dict; for an operator without parameters, that of the module around it.</summary>
    public required string Name { get; init; }

    /// <summary>In words what it does, such as <c>3×3 conv, 64, /2</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The shape of its result for the example; null for layers that prediction does not use.</summary>
    public required IReadOnlyList<long>? OutputShape { get; init; }

    /// <summary>Number of parameters, without buffers. A layer that is used several times counts them once.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply-adds of its convolutions and products for the example.</summary>
    public required long MultiplyAdds { get; init; }

    /// <summary>Bytes of the results for the example, without those that share memory with an operand.</summary>
    public required long ActivationBytes { get; init; }
}
