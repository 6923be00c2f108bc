using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace Vision.Weights;

/// <summary>Keys of files from the time when module names could contain dots: torchvision's
/// published DenseNets have <c>norm.1</c> instead of <c>norm1</c>.</summary>
internal static partial class LegacyKeys
{
    /// <summary>The same tensors under their current names.</summary>
    public static IReadOnlyDictionary<string, Tensor> Renamed(IReadOnlyDictionary<string, Tensor> weights) =>
        weights.Keys.Any(key => Dotted().IsMatch(key))
            ? weights.ToDictionary(entry => Dotted().Replace(entry.Key, "$1$2"), entry => entry.Value) : weights;

    [GeneratedRegex(@"(denselayer\d+\.(?:norm|relu|conv))\.([12](?=\.))")]
    private static partial Regex Dotted();
}
