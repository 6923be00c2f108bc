using System.IO.Enumeration;
using static TorchSharp.torch;

namespace Vision.Weights;

/// <summary>Loads weights into networks.</summary>
public static class ModuleWeights
{
    /// <summary>The prefix of a checkpoint's keys that contain the trainer's state, not weights; loading ignores them.</summary>
    public const string TrainingPrefix = "trainer.";

    // A message is one line; the exception's lists contain all keys.
    private const int ListedKeys = 100;
    private const string BatchCounter = "num_batches_tracked";

    /// <summary>
    /// Copies weights into the parameters and buffers of the same names, converting the dtype and the device. Strict: every key of either
    /// side must have a counterpart of the same shape, or nothing is loaded. Only a batch norm's count of batches may be missing, since
    /// files before PyTorch 0.4.1 lack it, or be superfluous for a frozen batch norm, which has no count.
    /// </summary>
    /// <param name="module">The network.</param>
    /// <param name="weights">Tensors by their state-dict names, as <see cref="WeightFile.Read"/> returns them.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="except">Patterns of keys to ignore on both sides, such as "fc.*" to load a classifier's
    /// file into a network without a head, or with a new one.</param>
    /// <exception cref="WeightsMismatchException">Keys are missing, unexpected or of the wrong shape; the message lists them.</exception>
    public static void LoadWeights(this nn.Module module, IReadOnlyDictionary<string, Tensor> weights, string source,
        params string[] except)
    {
        weights = LegacyKeys.Renamed(weights);
        Dictionary<string, Tensor> state = module.state_dict();
        string[] expected = [.. state.Keys.Where(IsWanted)];
        string[] given = [.. weights.Keys.Where(IsWanted)];

        string[] missing = [.. expected.Where(key => !weights.ContainsKey(key) && !IsBatchCounter(key))];
        string[] unexpected = [.. given.Where(key => !state.ContainsKey(key) && !CountsForFrozenNorm(key))];
        string[] common = [.. given.Where(state.ContainsKey)];
        string[] misshapen =
        [
            .. from key in common
               where !state[key].shape.SequenceEqual(weights[key].shape)
               select $"{key} {Text.Shape(weights[key].shape)} for {Text.Shape(state[key].shape)}",
        ];
        if (missing.Length + unexpected.Length + misshapen.Length > 0)
            throw new WeightsMismatchException(Message()) { Missing = missing, Unexpected = unexpected, Misshapen = misshapen };

        using var noGrad = no_grad();
        foreach (string key in common) state[key].copy_(weights[key]);

        bool IsWanted(string key) => !key.StartsWith(TrainingPrefix, StringComparison.Ordinal)
            && !except.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, key, ignoreCase: false));

        bool CountsForFrozenNorm(string key) => IsBatchCounter(key) && state.ContainsKey(key[..^BatchCounter.Length] + "running_mean");

        string Message()
        {
            List<string> parts = [];
            if (missing.Length > 0) parts.Add($"{missing.Length} missing ({Text.List(missing, ListedKeys)})");
            if (unexpected.Length > 0) parts.Add($"{unexpected.Length} unexpected ({Text.List(unexpected, ListedKeys)})");
            if (misshapen.Length > 0) parts.Add($"{misshapen.Length} of another shape ({Text.List(misshapen, ListedKeys)})");
            string? origin = WeightsOrigin.Guess(weights);
            string advice = origin is null
                ? "load a file of this network, or build the network of the file"
                : $"the file looks like weights of {origin}: build that network, or load a file of this one";
            return $"{source} does not fit this {module.GetType().Name}: of its keys, {string.Join("; ", parts)}; {advice}";
        }
    }

    private static bool IsBatchCounter(string key) => key == BatchCounter || key.EndsWith("." + BatchCounter, StringComparison.Ordinal);
}
