using static TorchSharp.torch;

namespace Vision.Cli.Benchmarks;

/// <summary>What to time.</summary>
internal sealed record BenchOptions
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>A backbone in place of the one in the model's name.</summary>
    public string? Backbone { get; init; }

    /// <summary>A file of weights; null for random ones.</summary>
    public string? Weights { get; init; }

    /// <summary>A photograph; null for noise.</summary>
    public string? Image { get; init; }

    /// <summary>Images in a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Size of the model's input image; null for the model's usual size.</summary>
    public (int Height, int Width)? Size { get; init; }

    /// <summary>Whether to time forward, losses and backward instead of prediction.</summary>
    public bool Train { get; init; }

    /// <summary>How the network is computed when prediction is timed.</summary>
    public required Engine Engine { get; init; }

    /// <summary>The device to compute on.</summary>
    public required Device Device { get; init; }
}
