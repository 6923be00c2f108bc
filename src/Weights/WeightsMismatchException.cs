namespace Vision.Weights;

/// <summary>Weights do not fit the network. Nothing was loaded.</summary>
public sealed class WeightsMismatchException : WeightsException
{
    /// <summary>Keys of the network that the weights lack.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Keys of the weights that the network lacks.</summary>
    public required IReadOnlyList<string> Unexpected { get; init; }

    /// <summary>Keys of both with different shapes, including the shapes: "fc.weight [1000, 512] for [3, 512]".</summary>
    public required IReadOnlyList<string> Misshapen { get; init; }

    internal WeightsMismatchException(string message) : base(message) { }
}
