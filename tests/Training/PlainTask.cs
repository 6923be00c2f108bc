using TorchSharp.Modules;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

/// <summary>Learns the sum of four numbers without batch norm and chance, from the same points in batches of any sizes.</summary>
internal sealed class PlainTask : ITrainingTask<ToyBatch>, IDisposable
{
    private readonly int[] sizes;
    private readonly Tensor points;
    private readonly Sequential model;

    public PlainTask(params int[] sizes)
    {
        this.sizes = sizes;
        manual_seed(4).Dispose();
        points = randn(sizes.Sum(), 4);
        model = nn.Sequential(("in", nn.Linear(4, 8)), ("relu", nn.ReLU()), ("out", nn.Linear(8, 1)));
    }

    public nn.Module Model => model;

    public IReadOnlyList<IReadOnlyList<Parameter>> BackboneStages => [];

    public IReadOnlyDictionary<string, string> Description => new Dictionary<string, string>();

    public int StepsPerEpoch => sizes.Length;

    public IEnumerable<ToyBatch> Batches(int epoch, int skip)
    {
        for (int index = skip; index < sizes.Length; index++)
        {
            Tensor some = points.narrow(0, sizes[..index].Sum(), sizes[index]);
            yield return new(index, some, some.sum(1, true));
        }
    }

    public Losses ComputeLosses(ToyBatch batch) => new() { { "loss", nn.functional.mse_loss(model.call(batch.Points), batch.Answers) } };

    public BatchInfo Describe(ToyBatch batch) => new(batch.Index, [.. Enumerable.Range(0, sizes[batch.Index]).Select(i => $"{i}.jpg")]);

    public ValidationResult Evaluate(Action<int, int> progress, CancellationToken cancellation) => new([new("score", 1)], "score");

    public void Dispose()
    {
        model.Dispose();
        points.Dispose();
    }
}
