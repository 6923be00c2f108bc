using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>RegNet (Radosavovic et al. 2020, arXiv:2003.13678) with torchvision's state-dict names and initialization.</summary>
public sealed class RegNet : Backbone
{
    private const int StemChannels = 32;

    private readonly ConvNormActivation stem;
    private readonly Sequential trunk_output;
    private readonly Linear? fc;
    private readonly Sequential[] trunk;

    /// <summary>A network with randomly initialized weights.</summary>
    /// <exception cref="ArgumentException">An option is not supported by this network.</exception>
    internal RegNet(RegNetLayout layout, BackboneOptions options) : base(nameof(RegNet), options)
    {
        var norm = options.BatchNormOr();
        DilationPlan plan = new(options.OutputStride, 2);
        stem = new ConvNormActivation(options.InputChannels, StemChannels, 3, norm, Activation.Relu, 2);
        trunk_output = nn.Sequential();
        List<Sequential> trunkStages = [];
        List<Stage> stages = [new("stem", StemChannels, 2)];
        int channels = StemChannels, index = 0;
        foreach (var (width, depth, groupWidth) in layout.Stages())
        {
            var (stride, firstDilation, dilation) = plan.Next(2);
            int number = trunkStages.Count + 1;
            Sequential blocks = nn.Sequential();
            for (int i = 0; i < depth; i++)
            {
                double dropRate = StochasticDepth.LinearRate(options.StochasticDepth ?? 0, index++, layout.Depth);
                RegNetBlock block = i == 0
                    ? new(channels, width, groupWidth, layout.Squeezes, true, stride, firstDilation, dropRate, norm)
                    : new(width, width, groupWidth, layout.Squeezes, false, 1, dilation, dropRate, norm);
                blocks.append($"block{number}-{i}", block);
            }
            trunk_output.append($"block{number}", blocks);
            trunkStages.Add(blocks);
            stages.Add(new($"trunk_output.block{number}", width, plan.Reduction));
            channels = width;
        }
        if (options.NumClasses > 0) fc = nn.Linear(channels, options.NumClasses);
        trunk = [.. trunkStages];
        Stages = stages;
        RegisterComponents();
        Draw();
    }

    /// <summary>The stem, then the four stages of the trunk.</summary>
    public override IReadOnlyList<Stage> Stages { get; }

    /// <inheritdoc/>
    protected override IEnumerable<nn.Module> StageModules(int stage) => stage == 0 ? [stem] : [trunk[stage - 1]];

    /// <inheritdoc/>
    protected override Tensor RunStage(int stage, Tensor x) => stage == 0 ? stem.call(x) : RunBlocks(trunk[stage - 1], x);

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor pooled = adaptive_avg_pool2d(forward_features(x, -1)[0], 1).flatten(1);      // [N, C]
        return (fc?.call(pooled) ?? pooled).MoveToOuterDisposeScope();                      // [N, classes]
    }

    private void Draw()
    {
        foreach (nn.Module module in ModuleTree.InOrder(this))
        {
            switch (module)
            {
                case var layer when Conv3x3.ParametersOf(layer) is ({ } weight, _):
                    long fanOut = weight.shape[0] * weight.shape[2] * weight.shape[3];
                    nn.init.normal_(weight, 0, Math.Sqrt(2.0 / fanOut));
                    break;
                case Linear linear:
                    nn.init.normal_(linear.weight!, 0, 0.01);
                    nn.init.zeros_(linear.bias!);
                    break;
            }
        }
    }
}
