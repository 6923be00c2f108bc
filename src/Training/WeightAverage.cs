using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// An exponential moving average of a model's weights and statistics, which often scores better than the weights of any single step (Polyak
/// and Juditsky 1992; Tarvainen and Valpola 2017, arXiv:1703.01780).
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private const string Prefix = ModuleWeights.TrainingPrefix + "average.";

    private readonly double decay;
    private readonly (string Name, Tensor Current, Tensor Average)[] entries;

    /// <summary>An average that begins at the current weights.</summary>
    /// <param name="model">The model, on its device.</param>
    /// <param name="decay">The part of the average that a step keeps, in (0, 1); less at first, so that the random initial weights are
    /// forgotten.</param>
    public WeightAverage(nn.Module model, double decay)
    {
        this.decay = decay;
        using var noGrad = no_grad();
        entries = [.. model.state_dict()
            .Select(entry => (entry.Key, entry.Value, entry.Value.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>The averages by name, for a checkpoint.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Tensors =>
        entries.Select(entry => KeyValuePair.Create(Prefix + entry.Name, entry.Average));

    /// <summary>Adds the current weights.</summary>
    /// <param name="count">The number of steps added before.</param>
    public void Add(long count)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        double weight = 1 - Math.Min(decay, (1.0 + count) / (10.0 + count));
        foreach (var (_, current, average) in entries)
        {
            if (!current.is_floating_point()) average.copy_(current);
            else average.lerp_(current, weight);
        }
    }

    /// <summary>Puts the average into the model, and the model's weights back when the result is disposed.</summary>
    public IDisposable InPlace()
    {
        Exchange();
        return new Return(this);
    }

    /// <summary>Restores the averages of a checkpoint.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var noGrad = no_grad();
        foreach (var (name, _, average) in entries) average.copy_(tensors[Prefix + name]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, _, average) in entries) average.Dispose();
    }

    // One tensor after the other, so that there is never a third copy of the model.
    private void Exchange()
    {
        using var noGrad = no_grad();
        foreach (var (_, current, average) in entries)
        {
            using Tensor kept = current.clone();
            current.copy_(average);
            average.copy_(kept);
        }
    }

    private sealed class Return(WeightAverage average) : IDisposable
    {
        public void Dispose() => average.Exchange();
    }
}
