using TorchSharp.Modules;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

/// <summary>Learns the sum of four numbers.</summary>
internal sealed class ToyTask : ITrainingTask<ToyBatch>, IDisposable
{
    private const int BatchSize = 8;

    private readonly ToyNet model;

    public ToyTask()
    {
        manual_seed(1).Dispose();
        model = new();
    }

    public int StepsPerEpoch { get; init; } = 10;

    /// <summary>Called before the losses of (epoch, batch); may throw, as a killed process stops.</summary>
    public Action<int, int>? BeforeStep { get; init; }

    /// <summary>Called before each evaluation.</summary>
    public Action? BeforeEvaluation { get; init; }

    /// <summary>Scales the loss of (epoch, batch).</summary>
    public Func<int, int, double>? LossFactor { get; init; }

    public IReadOnlyDictionary<string, string> Description { get; init; } = new Dictionary<string, string> { ["model"] = "toy" };

    nn.Module ITrainingTask<ToyBatch>.Model => model;

    /// <summary>Whether the convolution's weights still lie in memory as they did at first.</summary>
    public bool IsChannelsLast => model.IsChannelsLast;

    public IEnumerable<Parameter> BackboneParameters => model.parameters().Take(2);

    private int epoch;

    public IEnumerable<ToyBatch> Batches(int epoch, int skip)
    {
        this.epoch = epoch;
        for (int index = skip; index < StepsPerEpoch; index++)
        {
            var (points, answers) = Draw(Seeds.Mix(epoch, index));
            yield return new(index, points, answers);
        }
    }

    public Losses ComputeLosses(ToyBatch batch)
    {
        BeforeStep?.Invoke(epoch, batch.Index);
        using var scope = NewDisposeScope();
        Tensor loss = nn.functional.mse_loss(model.call(batch.Points), batch.Answers) * (LossFactor?.Invoke(epoch, batch.Index) ?? 1);
        Losses losses = new();
        losses.Add("loss_sum", loss.MoveToOuterDisposeScope());
        losses.Add("loss_size", (0.001 * model.parameters().First().square().sum()).MoveToOuterDisposeScope());
        return losses;
    }

    public BatchInfo Describe(ToyBatch batch) => new(batch.Index, [$"{epoch}-{batch.Index}a.jpg", $"{epoch}-{batch.Index}b.jpg"]);

    public ValidationResult Evaluate(Action<int, int> progress, CancellationToken cancellation)
    {
        BeforeEvaluation?.Invoke();
        cancellation.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (points, answers) = Draw(-1);
        double error = nn.functional.mse_loss(model.call(points), answers).item<float>();
        // An evaluation draws random numbers of its own; training must not notice.
        rand(3).Dispose();
        progress(1, 1);
        return new([new("score", 1 / (1 + error))], "score");
    }

    public void Dispose() => model.Dispose();

    private static (Tensor Points, Tensor Answers) Draw(int seed)
    {
        using var scope = NewDisposeScope();
        Random random = new(seed);
        float[] points = [.. Enumerable.Range(0, 4 * BatchSize).Select(_ => (float)(2 * random.NextDouble() - 1))];
        Tensor x = tensor(points).reshape(BatchSize, 4);
        return (x.MoveToOuterDisposeScope(), x.sum(1, true).MoveToOuterDisposeScope());
    }
}
