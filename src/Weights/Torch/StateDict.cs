using System.Globalization;
using Vision.Weights.Pickle;

namespace Vision.Weights.Torch;

/// <summary>The named tensors of a pickled object, and the plain values beside them.</summary>
/// <param name="Tensors">The tensors by name, in file order; DataParallel's prefix "module." is removed.</param>
/// <param name="Values">The values, such as best_prec1 and epoch, as text.</param>
internal sealed record StateDict(IReadOnlyList<(string Name, PickledTensor Tensor)> Tensors, IReadOnlyDictionary<string, string> Values)
{
    private const string ParallelPrefix = "module.";

    // The usual names of the state dict in checkpoints of training scripts.
    private static readonly string[] names = ["state_dict", "model_state_dict", "model", "model_state", "net"];

    /// <summary>Finds the state dict: the object itself, or an entry of it with one of the usual names.</summary>
    /// <exception cref="MalformedException">There is no state dict.</exception>
    public static StateDict Find(object? root)
    {
        if (root is not OrderedDictionary<object, object?> top)
            throw new MalformedException("it contains no dict of tensors; save the weights with torch.save(model.state_dict(), file)");
        OrderedDictionary<object, object?>? state = HasTensors(top) ? top : null;
        foreach (string name in names)
            state ??= top.GetValueOrDefault(name) is OrderedDictionary<object, object?> inner && HasTensors(inner) ? inner : null;
        if (state is null)
            throw new MalformedException(
                $"it contains no state dict: it has {Text.List(top.Keys.Select(Describe), 10, "no entries")}; "
                + "save the weights with torch.save(model.state_dict(), file)");

        List<(string Name, PickledTensor Tensor)> tensors = [];
        foreach (var (key, value) in state)
            if (value is PickledTensor tensor)
            {
                string name = key as string ?? throw new MalformedException($"a tensor's key is {Describe(key)}, which is not a name");
                tensors.Add((name, tensor));
            }
        if (tensors.TrueForAll(entry => entry.Name.StartsWith(ParallelPrefix, StringComparison.Ordinal)))
            tensors = [.. tensors.Select(entry => (entry.Name[ParallelPrefix.Length..], entry.Tensor))];
        return new(tensors, PlainValues(top));
    }

    private static bool HasTensors(OrderedDictionary<object, object?> dictionary) => dictionary.Values.Any(value => value is PickledTensor);

    private static Dictionary<string, string> PlainValues(OrderedDictionary<object, object?> dictionary)
    {
        Dictionary<string, string> values = [];
        foreach (var (key, value) in dictionary)
            if (key is string name && value is string or long or double or bool)
                values[name] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return values;
    }

    private static string Describe(object key) =>
        key is string or long or double or bool ? $"'{Convert.ToString(key, CultureInfo.InvariantCulture)}'" : "an object";
}
