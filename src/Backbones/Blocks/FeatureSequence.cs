using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>
/// A sequence of layers, torchvision's <c>features</c>, divided into stages where the resolution drops. A network's constructor
/// fills it and assigns <see cref="Layers"/> to the field <c>features</c>; the network runs its stages through it.
/// </summary>
internal sealed class FeatureSequence
{
    private readonly DilationPlan plan;
    private readonly List<nn.Module<Tensor, Tensor>> units = [];
    private readonly List<int> unitChannels = [];
    private readonly List<Stage> stages = [];
    private readonly List<int> ends = [];
    private string? named;
    private int channels;

    /// <summary>An empty sequence.</summary>
    /// <param name="outputStride">The maximum total stride; further strides become dilation.</param>
    public FeatureSequence(int outputStride) => plan = new DilationPlan(outputStride, 1);

    /// <summary>All layers, for the state dict.</summary>
    public Sequential Layers { get; } = nn.Sequential();

    /// <summary>The stages, finest first; layers at full resolution belong to the stage of stride 2.</summary>
    public IReadOnlyList<Stage> Stages => stages;

    /// <summary>Begins a new stage with a strided layer, which the caller adds next.</summary>
    /// <returns>The stride and dilation for that layer, and the dilation for the layers after it.</returns>
    public (int Stride, int FirstDilation, int Dilation) Downsample(int stride)
    {
        if (stride > 1 && plan.Reduction > 1) EndStage();
        return plan.Next(stride);
    }

    /// <summary>Appends layers that belong together: checkpointing recomputes them as a unit, from the first layer's input.</summary>
    /// <param name="outChannels">Output channels of the last layer.</param>
    /// <param name="layers">Their names and modules.</param>
    public void Add(int outChannels, params (string Name, nn.Module<Tensor, Tensor> Module)[] layers)
    {
        foreach (var (name, module) in layers) Register(name, module);
        units.Add(layers is [var only] ? only.Module : nn.Sequential(layers));
        unitChannels.Add(outChannels);
        channels = outChannels;
    }

    /// <summary>Appends one layer, named by its number.</summary>
    public void Add(int outChannels, nn.Module<Tensor, Tensor> layer) => Add(outChannels, (Layers.Count.ToString(), layer));

    /// <summary>Appends one layer that is a sequence of blocks.</summary>
    public void AddBlocks(int outChannels, string name, IReadOnlyList<(string Name, nn.Module<Tensor, Tensor> Module)> blocks)
    {
        Register(name, nn.Sequential(blocks));
        units.AddRange(blocks.Select(block => block.Module));
        unitChannels.AddRange(blocks.Select(_ => outChannels));
        channels = outChannels;
    }

    /// <summary>Appends one layer that is a sequence of blocks, all named by their numbers.</summary>
    public void AddBlocks(int outChannels, IEnumerable<nn.Module<Tensor, Tensor>> blocks) =>
        AddBlocks(outChannels, Layers.Count.ToString(), [.. blocks.Select((block, i) => (i.ToString(), block))]);

    /// <summary>Ends the current stage. The network's constructor calls it to end the last stage.</summary>
    public void EndStage()
    {
        stages.Add(new Stage($"features.{named}", channels, plan.Reduction));
        ends.Add(units.Count);
        named = null;
    }

    /// <summary>Splits the last stage into two of the same resolution: its first unit, which has the stride, and the rest.</summary>
    public void SplitLastStage()
    {
        int first = Begin(stages.Count - 1);
        stages.Insert(stages.Count - 1, new Stage($"features.{first}", unitChannels[first], plan.Reduction));
        ends.Insert(ends.Count - 1, first + 1);
    }

    /// <summary>Makes each stage end with its first unit, which has the stride; the other units move to the next stage,
    /// and the last stage continues to the end.</summary>
    public void EndAtStrides()
    {
        int[] first = [.. Enumerable.Range(0, stages.Count).Select(Begin)];
        Stage last = stages[^1];
        for (int i = 0; i < first.Length; i++)
            (stages[i], ends[i]) = (new($"features.{first[i]}", unitChannels[first[i]], stages[i].Reduction), first[i] + 1);
        stages.Add(last);
        ends.Add(units.Count);
    }

    /// <summary>The modules of a stage.</summary>
    public IEnumerable<nn.Module> Modules(int stage) => units[Begin(stage)..ends[stage]];

    /// <summary>The output of a stage.</summary>
    /// <param name="stage">Its index.</param>
    /// <param name="x">Its input, which is not modified.</param>
    /// <param name="runBlock">Runs one block.</param>
    public Tensor Run(int stage, Tensor x, Func<nn.Module<Tensor, Tensor>, Tensor, Tensor> runBlock)
    {
        int begin = Begin(stage);
        Tensor y = runBlock(units[begin], x);
        for (int i = begin + 1; i < ends[stage]; i++)
        {
            using Tensor input = y;
            y = runBlock(units[i], input);
        }
        return y;
    }

    private int Begin(int stage) => stage == 0 ? 0 : ends[stage - 1];

    // A stage is named after its last layer with weights; a stage without any (VGG's last pooling) after its last layer.
    private void Register(string name, nn.Module<Tensor, Tensor> module)
    {
        Layers.append(name, module);
        if (named is null || module.parameters().Any()) named = name;
    }
}
