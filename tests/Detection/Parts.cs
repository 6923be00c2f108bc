using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

/// <summary>What torchvision's parts of a detector make of made-up boxes; the peer is asked once for all tests.</summary>
internal static class Parts
{
    private static readonly Lazy<Dictionary<string, Tensor>> tensors = new(() =>
    {
        using var folder = new TempFolder();
        Peer.Run("detection_parts.py", folder["out.pth"]);
        Dictionary<string, Tensor> read = WeightFile.Read(folder["out.pth"]);
        foreach (Tensor tensor in read.Values) tensor.DetachFromDisposeScope();
        return read;
    });

    /// <summary>A tensor of the peer's, by its name in detection_parts.py; shared by all tests.</summary>
    public static Tensor Get(string name) => tensors.Value[name];

    /// <summary>The shapes of P2..P6 of a padded 224×320 image.</summary>
    public static Tensor[] Levels() =>
        [zeros(2, 1, 56, 80), zeros(2, 1, 28, 40), zeros(2, 1, 14, 20), zeros(2, 1, 7, 10), zeros(2, 1, 4, 5)];

    /// <summary>The size of that image.</summary>
    public static ImageSize PaddedSize { get; } = new(224, 320);
}
