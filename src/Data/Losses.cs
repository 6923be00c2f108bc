using System.Collections;
using static TorchSharp.torch;

namespace Vision.Data;

/// <summary>The named losses of one batch, each a scalar tensor with a gradient, in the order in which they are displayed.</summary>
public sealed class Losses : IEnumerable<(string Name, Tensor Value)>
{
    private readonly List<(string Name, Tensor Value)> entries = [];

    /// <summary>Adds a loss under torchvision's name for it, such as <c>loss_classifier</c>.</summary>
    public void Add(string name, Tensor value) => entries.Add((name, value));

    /// <summary>The loss of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such loss.</exception>
    public Tensor this[string name]
    {
        get
        {
            foreach (var (key, value) in entries) if (key == name) return value;
            throw new KeyNotFoundException(
                $"There is no loss '{name}'; the losses are {string.Join(", ", entries.Select(entry => entry.Name))}.");
        }
    }

    /// <summary>The sum, which training minimizes. A new scalar tensor.</summary>
    public Tensor Total()
    {
        using var scope = NewDisposeScope();
        return stack(entries.Select(entry => entry.Value)).sum().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IEnumerator<(string Name, Tensor Value)> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
