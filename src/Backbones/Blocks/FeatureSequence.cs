using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>
/// Layers in a row, torchvision's <c>features</c>, cut into stages where the resolution falls. A constructor fills it, gives
/// <see cref="Layers"/> to the network's field of that name, and runs stages from here.
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

    /// <summary>No layers yet.</summary>
    /// <param name="outputStride">The most that strides may multiply to; further ones become dilation.</param>
    public FeatureSequence(int outputStride) => plan = new DilationPlan(outputStride, 1);

    /// <summary>All layers, for the state dict.</summary>
    public Sequential Layers { get; } = nn.Sequential();

    /// <summary>The stages, finest first; layers at full resolution count to the one of stride 2.</summary>
    public IReadOnlyList<Stage> Stages => stages;

    /// <summary>Announces a layer with a stride, which begins a new stage.</summary>
    /// <returns>The stride and dilation that the layer is to have, and the dilation of those after it.</returns>
    public (int Stride, int FirstDilation, int Dilation) Downsample(int stride)
    {
        if (stride > 1 && plan.Reduction > 1) EndStage();
        return plan.Next(stride);
    }

    /// <summary>Appends layers that belong together: what checkpointing computes again, it computes from the first's input.</summary>
    /// <param name="outChannels">Channels of the last one's output.</param>
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

    /// <summary>Appends one layer that consists of blocks in a row.</summary>
    public void AddBlocks(int outChannels, string name, IReadOnlyList<(string Name, nn.Module<Tensor, Tensor> Module)> blocks)
    {
        Register(name, nn.Sequential(blocks));
        units.AddRange(blocks.Select(block => block.Module));
        unitChannels.AddRange(blocks.Select(_ => outChannels));
        channels = outChannels;
    }

    /// <summary>Appends one layer that consists of blocks in a row, all named by their numbers.</summary>
    public void AddBlocks(int outChannels, IEnumerable<nn.Module<Tensor, Tensor>> blocks) =>
        AddBlocks(outChannels, Layers.Count.ToString(), [.. blocks.Select((block, i) => (i.ToString(), block))]);

    /// <summary>Ends the current stage; the last one is ended by the constructor that fills the sequence.</summary>
    public void EndStage()
    {
        stages.Add(new Stage($"features.{named}", channels, plan.Reduction));
        ends.Add(units.Count);
        named = null;
    }

    /// <summary>Cuts the last stage in two of one resolution: its first unit, which has the stride, and the rest.</summary>
    public void SplitLastStage()
    {
        int first = Begin(stages.Count - 1);
        stages.Insert(stages.Count - 1, new Stage($"features.{first}", unitChannels[first], plan.Reduction));
        ends.Insert(ends.Count - 1, first + 1);
    }

    /// <summary>Ends each stage with its first unit, which has the stride; the rest of its units goes
    /// to the next one, and the last stage to the end.</summary>
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
    /// <param name="x">Its input, left as it is.</param>
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

    // A stage goes by the name of its last layer with weights; only a stage without any (VGG's last pooling) by its last layer's.
    private void Register(string name, nn.Module<Tensor, Tensor> module)
    {
        Layers.append(name, module);
        if (named is null || module.parameters().Any()) named = name;
    }
}
