using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

/// <summary>A small classifier that fails as its parameter <c>brittle.fault</c> says.</summary>
internal sealed class BrittleNet : Backbone
{
    public const string Name = "brittlenet", Fault = "brittle.fault";

    private readonly Sequential stage;
    private readonly BrittleLayer brittle = new();
    private readonly Linear fc;

    static BrittleNet() => BackboneRegistry.Add(new(Name, "BrittleNet", options => new BrittleNet(options)));

    public BrittleNet(BackboneOptions options) : base(nameof(BrittleNet), options)
    {
        stage = nn.Sequential(nn.Conv2d(options.InputChannels, 8, 3, 4, bias: false), nn.BatchNorm2d(8), nn.ReLU());
        fc = nn.Linear(8, Math.Max(1, options.NumClasses));
        Stages = [new("stage", 8, 4)];
        RegisterComponents();
    }

    /// <summary>Makes the network known.</summary>
    public static void Register() { }

    public override IReadOnlyList<Stage> Stages { get; }

    protected override IEnumerable<nn.Module> StageModules(int index) => [stage];

    protected override Tensor RunStage(int index, Tensor x) => RunBlocks(stage, x);

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return fc.call(brittle.call(forward_features(x, -1)[0].mean([2, 3]))).MoveToOuterDisposeScope();
    }

    private sealed class BrittleLayer : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter fault = new(zeros(1));

        public BrittleLayer() : base(nameof(BrittleLayer)) 
        {
            RegisterComponents();
            this.DetachOwnTensors();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            Tensor y = (int)Math.Round(fault.item<float>()) switch
            {
                1 => x + (0 * x).sqrt(),                              // finite, but infinitely steep
                2 => throw new NotSupportedException("This layer does not like its input."),
                3 => x + zeros(1L << 47).sum(),
                4 => (x + 1).log() / 0,
                _ => x + 0 * fault,
            };
            return y.MoveToOuterDisposeScope();
        }
    }
}
