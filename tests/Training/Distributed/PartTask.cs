using TorchSharp.Modules;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

/// <summary>Learns from points in batches of any sizes, each process its part of them. A branch is used only for some points, so that its
/// parameters have gradients in some processes and steps.</summary>
internal sealed class PartTask : ITrainingTask<ToyBatch>, IDisposable
{
    private readonly int[] sizes;
    private readonly Tensor points;
    private readonly Sequential model;
    private readonly Linear branch;
    private readonly Sequential all;

    public PartTask(bool hasNorm, params int[] sizes)
    {
        this.sizes = sizes;
        manual_seed(4).Dispose();
        points = randn(sizes.Sum(), 4);
        model = nn.Sequential(("in", nn.Linear(4, 16)), ("norm", hasNorm ? nn.BatchNorm1d(16) : nn.Identity()), ("relu", nn.ReLU()),
            ("out", nn.Linear(16, 1)));
        branch = nn.Linear(4, 1);
        all = nn.Sequential(("model", model), ("branch", branch));
    }

    /// <summary>Called before the losses of a batch.</summary>
    public Action<int>? BeforeStep { get; init; }

    public nn.Module Model => all;

    public IReadOnlyList<IReadOnlyList<Parameter>> BackboneStages => [];

    public IReadOnlyDictionary<string, string> Description => new Dictionary<string, string>();

    public int StepsPerEpoch => sizes.Length;

    public IEnumerable<ToyBatch> Batches(int epoch, int skip)
    {
        ProcessGroup group = ProcessGroup.Current;
        for (int index = skip; index < sizes.Length; index++)
        {
            int start = sizes[index] * group.Rank / group.Size, end = sizes[index] * (group.Rank + 1) / group.Size;
            if (start == end) continue;
            Tensor some = points.narrow(0, sizes[..index].Sum() + start, end - start);
            yield return new(index, some, some.sum(1, true));
        }
    }

    public Losses ComputeLosses(ToyBatch batch)
    {
        BeforeStep?.Invoke(batch.Index);
        Losses losses = new() { { "loss", nn.functional.mse_loss(model.call(batch.Points), batch.Answers) } };
        Tensor far = batch.Points.narrow(1, 0, 1) > 1;                                          // [N, 1]
        if (far.any().item<bool>()) losses.Add("loss_far", (far.to(float32) * (branch.call(batch.Points) - 3).square()).mean());
        return losses;
    }

    public BatchInfo Describe(ToyBatch batch) =>
        new(batch.Index, [.. Enumerable.Range(0, (int)batch.Points.shape[0]).Select(i => $"{i}.jpg")]);

    public ValidationResult Evaluate(Action<int, int> progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return new([new("score", -nn.functional.mse_loss(model.call(points), points.sum(1, true)).item<float>())], "score");
    }

    public void Dispose()
    {
        all.Dispose();
        points.Dispose();
    }
}
