using TorchSharp.Modules;
using Vision.Data;
using Vision.Ops;
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

    /// <summary>Another loss, which depends on nothing but the model.</summary>
    public Func<nn.Module, Tensor>? ExtraLoss { get; init; }

    /// <summary>The score of (evaluation), instead of the true one.</summary>
    public Func<int, double>? Score { get; init; }

    public IReadOnlyDictionary<string, string> Description { get; init; } = new Dictionary<string, string> { ["model"] = "toy" };

    public nn.Module Model => model;

    /// <summary>Whether the convolution's weights still lie in memory as they did at first.</summary>
    public bool IsChannelsLast => model.IsChannelsLast;

    public IReadOnlyList<IReadOnlyList<Parameter>> BackboneStages =>
        [[.. model.parameters().Take(2)], [.. model.parameters().Skip(2).Take(2)]];

    private int epoch, evaluations;

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
        Tensor loss = nn.functional.mse_loss(Autocast.Widen(model.call(batch.Points)), batch.Answers)
            * (LossFactor?.Invoke(epoch, batch.Index) ?? 1);
        Losses losses = new();
        losses.Add("loss_sum", loss.MoveToOuterDisposeScope());
        if (ExtraLoss is not null) losses.Add("loss_extra", ExtraLoss(model).MoveToOuterDisposeScope());
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
        return new([new("score", Score?.Invoke(evaluations++) ?? 1 / (1 + error))], "score");
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
