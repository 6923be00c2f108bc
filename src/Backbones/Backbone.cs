using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>
/// A network that classifies images, and whose stages can feed an FPN or a dilated head instead. <c>forward</c> gives
/// class logits [N, classes], or pooled features [N, C] where the network was built without classes.
/// </summary>
public abstract class Backbone : nn.Module<Tensor, Tensor>
{
    private nn.Module[] frozen = [];

    /// <summary>Names the module.</summary>
    protected Backbone(string name) : base(name) { }

    /// <summary>All stages, finest first (for a ResNet: the stem, then C2..C5).</summary>
    public abstract IReadOnlyList<Stage> Stages { get; }

    /// <summary>The modules that make up a stage, given its index in <see cref="Stages"/>.</summary>
    protected abstract IEnumerable<nn.Module> StageModules(int stage);

    /// <summary>The outputs of the chosen stages, finest first: stage i is [N, Stages[i].Channels, ⌈H/s⌉, ⌈W/s⌉] with s its reduction.</summary>
    /// <param name="x">Normalised images, [N, 3, H, W].</param>
    /// <param name="outIndices">Indices into <see cref="Stages"/>, ascending; negative ones count from the end. Later stages are not computed.</param>
    /// <exception cref="ArgumentException">No index, or one out of range, or not ascending.</exception>
    public abstract Tensor[] forward_features(Tensor x, params ReadOnlySpan<int> outIndices);

    /// <summary>
    /// Fixes the first stages for good, as is usual when fine-tuning on little data: their parameters get no gradient,
    /// and their batch normalisation keeps its statistics even in training mode.
    /// </summary>
    /// <param name="count">How many of <see cref="Stages"/>, from the first; 0 freezes nothing, 2 freezes a ResNet's stem and C2.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many stages.</exception>
    public void FreezeStages(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Stages.Count);
        frozen = [.. Enumerable.Range(0, count).SelectMany(StageModules)];
        foreach (var parameter in frozen.SelectMany(module => module.parameters())) parameter.requires_grad = false;
        KeepFrozen();
    }

    /// <inheritdoc/>
    public override void train(bool on = true)
    {
        base.train(on);
        KeepFrozen();
    }

    /// <summary>Checks what <see cref="forward_features"/> was asked for, and counts negative indices from the start.</summary>
    protected int[] ResolveStages(ReadOnlySpan<int> outIndices)
    {
        int[] resolved = new int[outIndices.Length];
        for (int i = 0; i < resolved.Length; i++)
        {
            int index = outIndices[i] < 0 ? outIndices[i] + Stages.Count : outIndices[i];
            if (index < 0 || index >= Stages.Count || (i > 0 && index <= resolved[i - 1]))
                throw new ArgumentException($"Stages [{string.Join(", ", outIndices.ToArray())}] were asked for; expected ascending indices below {Stages.Count}.", nameof(outIndices));
            resolved[i] = index;
        }
        if (resolved.Length == 0) throw new ArgumentException("Expected the index of at least one stage.", nameof(outIndices));
        return resolved;
    }

    private void KeepFrozen()
    {
        foreach (nn.Module module in frozen) module.eval();
    }
}
