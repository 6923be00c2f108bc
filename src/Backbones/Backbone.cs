using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>
/// An image classification network whose stages can also feed an FPN or a dilated head. <c>forward</c> returns
/// class logits [N, classes], or pooled features [N, C] if the network was built without classes.
/// </summary>
public abstract class Backbone : nn.Module<Tensor, Tensor>
{
    private readonly bool checkpointing;
    private nn.Module[] frozen = [];

    /// <summary>Names the module and validates the options that all families share.</summary>
    /// <param name="name">The module's name, for messages.</param>
    /// <param name="options">The options of the network.</param>
    /// <param name="takesMultiGrid">Whether the family supports <see cref="BackboneOptions.MultiGrid"/>.</param>
    /// <param name="takesReducedTail">Whether the family supports <see cref="BackboneOptions.ReducedTail"/>.</param>
    /// <exception cref="ArgumentException">An option is out of range, or not supported by this family.</exception>
    protected Backbone(string name, BackboneOptions options, bool takesMultiGrid = false, bool takesReducedTail = false) : base(name)
    {
        if (options.OutputStride is not (8 or 16 or 32))
            throw new ArgumentException($"The output stride is {options.OutputStride}; expected 8, 16 or 32.", nameof(options));
        if (options.InputChannels < 1)
            throw new ArgumentException($"There are {options.InputChannels} input channels; expected 1 or more.", nameof(options));
        if (options.NumClasses < 0)
            throw new ArgumentException(
                $"There are {options.NumClasses} classes; expected 1 or more, or 0 for a network without a classifier.", nameof(options));
        if (options.StochasticDepth is not (null or (>= 0 and < 1)))
            throw new ArgumentException(
                $"The rate of stochastic depth is {options.StochasticDepth}; expected a rate in [0, 1), or null for the published one.",
                nameof(options));
        if (options.MultiGrid is not null && !takesMultiGrid)
            throw new ArgumentException($"{name} has no multi-grid, only ResNets have it; leave {nameof(BackboneOptions.MultiGrid)} null.",
                nameof(options));
        if (options.ReducedTail && !takesReducedTail)
            throw new ArgumentException(
                $"{name} has no reduced tail, only MobileNetV3 has; leave {nameof(BackboneOptions.ReducedTail)} false.", nameof(options));
        if (options.DeformableStages != 0 && this is not ResNet)
            throw new ArgumentException(
                $"{name} has no deformable convolutions, only ResNets have them; leave {nameof(BackboneOptions.DeformableStages)} at 0.",
                nameof(options));
        checkpointing = options.Checkpointing;
        InputChannels = options.InputChannels;
    }

    /// <summary>Channels of the input images.</summary>
    public int InputChannels { get; }

    /// <summary>The prefix of the stages' keys in a classifier's state dict that this network's own keys lack.</summary>
    internal virtual string ClassifierPrefix => "";

    /// <summary>Called with the index and output of each stage, also during <c>forward</c>; may be null.</summary>
    internal Action<int, Tensor>? StageWatcher { get; set; }

    /// <summary>All stages, finest first (for a ResNet: the stem, then C2..C5).</summary>
    public abstract IReadOnlyList<Stage> Stages { get; }

    /// <summary>The output of a stage, [N, Channels, ⌈H/s⌉, ⌈W/s⌉]; <paramref name="x"/> is not modified.</summary>
    /// <param name="stage">Its index in <see cref="Stages"/>.</param>
    /// <param name="x">The output of the previous stage, or the images, [N, InputChannels, H, W], for stage 0.</param>
    protected abstract Tensor RunStage(int stage, Tensor x);

    /// <summary>The modules that make up a stage, given its index in <see cref="Stages"/>.</summary>
    protected abstract IEnumerable<nn.Module> StageModules(int stage);

    /// <summary>The outputs of the chosen stages, finest first: stage i is [N,
    /// Stages[i].Channels, ⌈H/s⌉, ⌈W/s⌉] with s its reduction.</summary>
    /// <param name="x">Normalized images, [N, InputChannels, H, W].</param>
    /// <param name="outIndices">Indices into <see cref="Stages"/>, ascending; negative ones count
    /// from the end. Later stages are not computed.</param>
    /// <exception cref="ArgumentException">No index, an index out of range, indices not ascending, or images of another shape.</exception>
    public Tensor[] forward_features(Tensor x, params ReadOnlySpan<int> outIndices)
    {
        int[] wanted = ResolveStages(outIndices);
        if (x.dim() != 4 || x.shape[1] != InputChannels)
            throw new ArgumentException($"The images are [{string.Join(", ", x.shape)}]; expected [N, {InputChannels}, H, W].", nameof(x));
        using var scope = NewDisposeScope();
        var outputs = new Tensor[wanted.Length];
        int taken = 0;
        for (int stage = 0; taken < wanted.Length; stage++)
        {
            Tensor before = x;
            x = RunStage(stage, before);
            StageWatcher?.Invoke(stage, x);
            // Freed at once instead of with the scope: the finest stages are the largest tensors.
            if (stage > 0 && (taken == 0 || !ReferenceEquals(outputs[taken - 1], before))) before.Dispose();
            if (stage == wanted[taken]) outputs[taken++] = x;
        }
        foreach (Tensor output in outputs) output.MoveToOuterDisposeScope();
        return outputs;
    }

    /// <summary>Runs a single stage, for heads that apply the network's last stage to pooled regions.</summary>
    /// <param name="stage">Index into <see cref="Stages"/>; negative ones count from the end.</param>
    /// <param name="x">The output of the previous stage, or regions of it.</param>
    /// <exception cref="ArgumentException">The index is out of range.</exception>
    public Tensor forward_stage(int stage, Tensor x) => RunStage(ResolveStages([stage])[0], x);

    /// <summary>
    /// Freezes the first stages permanently, as is usual when fine-tuning on little data: their parameters get no gradients,
    /// and their batch normalization keeps its statistics even in training mode.
    /// </summary>
    /// <param name="count">How many of <see cref="Stages"/>, from the first; 0 freezes nothing, 2 freezes a ResNet's stem and C2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or exceeds the number of stages.</exception>
    public void FreezeStages(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Stages.Count);
        frozen = [.. Enumerable.Range(0, count).SelectMany(StageModules)];
        foreach (var parameter in frozen.SelectMany(module => module.parameters())) parameter.requires_grad = false;
        KeepFrozen();
    }

    /// <summary>The parameters of a stage.</summary>
    /// <param name="stage">Its index in <see cref="Stages"/>.</param>
    public IEnumerable<Parameter> StageParameters(int stage) => StageModules(stage).SelectMany(module => module.parameters());

    /// <inheritdoc/>
    public override void train(bool on = true)
    {
        base.train(on);
        KeepFrozen();
    }

    /// <summary>Runs one block; with checkpointing, only its input is kept for the backward pass.</summary>
    protected Tensor RunBlock(nn.Module<Tensor, Tensor> block, Tensor x) =>
        checkpointing ? GradientCheckpoint.Run(block, x) : block.call(x);

    /// <summary>Runs blocks in sequence, each through <see cref="RunBlock"/>.</summary>
    protected Tensor RunBlocks(Sequential blocks, Tensor x)
    {
        if (!checkpointing) return blocks.call(x);
        using var scope = NewDisposeScope();
        Tensor current = x;
        for (int i = 0; i < blocks.Count; i++)
        {
            Tensor input = current;
            current = RunBlock((nn.Module<Tensor, Tensor>)blocks[i], input);
            if (i > 0) input.Dispose();
        }
        return current.MoveToOuterDisposeScope();
    }

    private int[] ResolveStages(ReadOnlySpan<int> outIndices)
    {
        int[] resolved = new int[outIndices.Length];
        for (int i = 0; i < resolved.Length; i++)
        {
            int index = outIndices[i] < 0 ? outIndices[i] + Stages.Count : outIndices[i];
            if (index < 0 || index >= Stages.Count || (i > 0 && index <= resolved[i - 1]))
                throw new ArgumentException(
                    $"The stage indices are [{string.Join(", ", outIndices.ToArray())}]; expected ascending indices below {Stages.Count}.",
                    nameof(outIndices));
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
