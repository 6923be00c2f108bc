using static TorchSharp.torch;

namespace Vision.Weights;

/// <summary>Guesses the network of weights by their keys, for the advice in messages.</summary>
internal static class WeightsOrigin
{
    /// <summary>Such as "resnet50" or "a network on resnet50"; null if unknown.</summary>
    public static string? Guess(IReadOnlyDictionary<string, Tensor> weights)
    {
        foreach (string prefix in (string[])["", "backbone.body.", "backbone."])
            if (GuessResNet(weights, prefix) is { } name)
                return prefix.Length == 0 ? name : $"a network on {name}";
        return null;
    }

    private static string? GuessResNet(IReadOnlyDictionary<string, Tensor> weights, string prefix)
    {
        if (!weights.TryGetValue($"{prefix}layer1.0.conv2.weight", out Tensor? conv) || conv.dim() != 4) return null;
        bool bottleneck = weights.ContainsKey($"{prefix}layer1.0.conv3.weight");
        (int, int, int, int) blocks = (CountBlocks(1), CountBlocks(2), CountBlocks(3), CountBlocks(4));
        // [width, width / groups, 3, 3]: width 64 without groups is the plain ResNet, of any depth.
        return (bottleneck, blocks, conv.shape[0], conv.shape[1]) switch
        {
            (false, (2, 2, 2, 2), 64, 64) => "resnet18",
            (false, (3, 4, 6, 3), 64, 64) => "resnet34",
            (true, (3, 4, 6, 3), 64, 64) => "resnet50",
            (true, (3, 4, 23, 3), 64, 64) => "resnet101",
            (true, (3, 8, 36, 3), 64, 64) => "resnet152",
            (true, (3, 4, 6, 3), 128, 4) => "resnext50_32x4d",
            (true, (3, 4, 23, 3), 256, 8) => "resnext101_32x8d",
            (true, (3, 4, 6, 3), 128, 128) => "wide_resnet50_2",
            (true, (3, 4, 23, 3), 128, 128) => "wide_resnet101_2",
            _ => null,
        };

        int CountBlocks(int layer)
        {
            int count = 0;
            while (weights.ContainsKey($"{prefix}layer{layer}.{count}.conv1.weight")) count++;
            return count;
        }
    }
}
