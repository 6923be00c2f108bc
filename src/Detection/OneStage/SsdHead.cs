using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>SSD's heads (Liu et al. 2016, arXiv:1512.02325), one layer per map: class logits and deltas of every default box.</summary>
internal sealed class SsdHead : nn.Module<Tensor[], (Tensor Logits, Tensor Deltas)>
{
    private readonly LevelPredictions classification_head;
    private readonly LevelPredictions regression_head;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="channels">Channels of each map.</param>
    /// <param name="perLocation">Number of default boxes at each location of each map.</param>
    /// <param name="numClasses">Number of classes, background included.</param>
    /// <param name="prediction">Creates the layer of a map, given its channels and outputs.</param>
    public SsdHead(IReadOnlyList<int> channels, IReadOnlyList<int> perLocation, int numClasses,
        Func<int, int, nn.Module<Tensor, Tensor>> prediction) : base(nameof(SsdHead))
    {
        classification_head = new LevelPredictions(channels, perLocation, numClasses, prediction);
        regression_head = new LevelPredictions(channels, perLocation, 4, prediction);
        RegisterComponents();
    }

    /// <summary>Logits [N, A, numClasses] and deltas [N, A, 4] of maps [N, channels, Hᵢ, Wᵢ].</summary>
    public override (Tensor Logits, Tensor Deltas) forward(Tensor[] maps) => (classification_head.call(maps), regression_head.call(maps));

    private sealed class LevelPredictions : nn.Module<Tensor[], Tensor>
    {
        private readonly ModuleList<nn.Module<Tensor, Tensor>> module_list;
        private readonly int columns;

        public LevelPredictions(IReadOnlyList<int> channels, IReadOnlyList<int> perLocation, int columns,
            Func<int, int, nn.Module<Tensor, Tensor>> prediction) : base(nameof(LevelPredictions))
        {
            module_list = new ModuleList<nn.Module<Tensor, Tensor>>();
            for (int i = 0; i < channels.Count; i++) module_list.Add(prediction(channels[i], perLocation[i] * columns));
            this.columns = columns;
            RegisterComponents();
        }

        public override Tensor forward(Tensor[] maps)
        {
            using var scope = NewDisposeScope();
            return cat([.. maps.Select((map, i) => DenseTower.Rows(module_list[i].call(map), columns))], 1).MoveToOuterDisposeScope();
        }
    }
}
