using TorchSharp.Modules;
using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Steps of the optimizer, each from the gradients of one or several batches.</summary>
/// <typeparam name="TBatch">A batch of the task.</typeparam>
internal sealed class StepRunner<TBatch> : IDisposable where TBatch : IDisposable
{
    private readonly ITrainingTask<TBatch> task;
    private readonly TrainerOptions options;
    private readonly TrainerState state;
    private readonly ParameterGroup[] groups;
    private readonly OptimizerHelper optimizer;
    private readonly Device device;
    private readonly NonFinite failure;
    private readonly ProcessGroup group;
    private readonly SharedRun shared;
    private readonly GradientReducer? reducer;
    private readonly SharedNorms? norms;
    private readonly SyncBatchNorm? syncNorms;
    private int imagesOfFirst, ownImages;

    /// <summary>Prepares the first step.</summary>
    /// <param name="task">The model and its losses.</param>
    /// <param name="options">How to train.</param>
    /// <param name="state">The state of the run, of which this class changes the loss scale.</param>
    /// <param name="groups">The parameters that the optimizer updates.</param>
    /// <param name="optimizer">The optimizer, with a group for each of these.</param>
    /// <param name="files">The files of the run, for messages.</param>
    /// <param name="group">The processes that train together.</param>
    public StepRunner(ITrainingTask<TBatch> task, TrainerOptions options, TrainerState state, ParameterGroup[] groups,
        OptimizerHelper optimizer, RunFolder files, ProcessGroup group)
    {
        this.task = task;
        this.options = options;
        this.state = state;
        this.groups = groups;
        this.optimizer = optimizer;
        device = groups[0].Parameters[0].device;
        failure = new(task.Model, files);
        this.group = group;
        shared = new(group);
        if (group.Size > 1)
        {
            reducer = new(group, task.Model);
            if (options.SyncBatchNorm) syncNorms = new(group, task.Model);
            else norms = new(group, task.Model);
        }
        if (options.Precision == TrainingPrecision.Float16) state.LossScale ??= new();
    }

    /// <summary>The number of batches since the last step.</summary>
    public int Batches { get; private set; }

    /// <summary>The number of their images, in all processes.</summary>
    public int Images { get; private set; }

    /// <summary>Their mean losses.</summary>
    public LossMeans Losses { get; private set; } = new();

    /// <summary>Adds the gradients of a batch.</summary>
    /// <param name="batch">The batch, or this process's part of it.</param>
    /// <param name="info">Its index and files: none if this process has no part of it.</param>
    /// <param name="step">The number of steps done before.</param>
    /// <returns>Whether any process has an image of it.</returns>
    /// <exception cref="InputException">A loss is not finite.</exception>
    public bool Add(TBatch? batch, BatchInfo info, int step)
    {
        using var scope = NewDisposeScope();
        // A process without images would not take part in the layers' sums.
        using IDisposable? alone = syncNorms is not null && !SharedBatch.Of(group, info.Files.Count, []).IsComplete
            ? syncNorms.Pause() : null;
        Losses? losses = group.Size == 1 || info.Files.Count > 0 ? Forward(batch!, info) : null;
        var values = losses is null ? [] : Values(losses);
        if (values.Any(loss => !double.IsFinite(loss.Value)))
        {
            using IDisposable? pause = syncNorms?.Pause();
            throw failure.OfLosses(values, new(state.Epoch + 1, step + 1, info.Files), () => Forward(batch!, info));
        }

        SharedBatch whole = SharedBatch.Of(group, info.Files.Count, values);
        if (group.Size > 1 && whole.Images == 0) return false;
        if (Batches == 0)
        {
            task.Model.zero_grad();
            imagesOfFirst = whole.Images;
        }
        if (Batches + 1 == options.Accumulate || info.Index == task.StepsPerEpoch - 1) reducer?.Begin();
        if (losses is not null)
        {
            // As if the batches were one: each counts by its share of the images, and so does each process's part. Those of an epoch's
            // last step may be fewer than expected.
            double weight = Share(whole.Images) * (state.LossScale?.Value ?? 1);
            if (group.Size > 1) weight *= (double)info.Files.Count / whole.Images;
            Tensor total = losses.Total();
            (weight == 1 ? total : total * weight).backward();
        }
        Losses.Add(whole.Losses);
        Batches++;
        Images += whole.Images;
        ownImages += info.Files.Count;
        return true;
    }

    /// <summary>Updates the weights, and begins the next step.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="step">The number of steps done before.</param>
    /// <param name="files">The images of the step, for messages.</param>
    /// <returns>The norm of the gradients; null if it overflowed in float16, so that the step was skipped.</returns>
    /// <exception cref="InputException">A gradient is not finite.</exception>
    public double? Update(double rate, int step, IReadOnlyList<string> files)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        reducer?.Finish();
        norms?.Average(ownImages, Images);
        Tensor[] gradients = [.. groups.SelectMany(group => group.Parameters).Select(parameter => parameter.grad).OfType<Tensor>()];
        double factor = 1 / (Share(Images) * (state.LossScale?.Value ?? 1));
        double norm = shared.FromFirst(
            factor * stack(gradients.Select(gradient => gradient.norm())).norm().to(float64).item<double>());
        bool overflowed = !double.IsFinite(norm);
        if (overflowed && state.LossScale is not { Value: > 1 }) throw failure.OfGradients(new(state.Epoch + 1, step + 1, files));
        state.LossScale?.Update(overflowed);
        if (!overflowed)
        {
            if (options.ClipGradientNorm is { } most && norm > most) factor *= most / norm;
            if (factor != 1)
                foreach (Tensor gradient in gradients) gradient.mul_(factor);
            foreach (var (group, rates) in groups.Zip(optimizer.ParamGroups)) rates.LearningRate = rate * group.Factor;
            optimizer.step();
        }
        (Batches, Images, ownImages, Losses) = (0, 0, 0, new());
        return overflowed ? null : norm;
    }

    /// <summary>Until disposed, each process's batch norms see only its own images.</summary>
    public IDisposable? PauseSyncNorms() => syncNorms?.Pause();

    /// <inheritdoc/>
    public void Dispose()
    {
        reducer?.Dispose();
        syncNorms?.Dispose();
    }

    /// <summary>The losses of a batch, in the run's precision.</summary>
    private Losses Forward(TBatch batch, BatchInfo info)
    {
        // Random draws of samplers and dropout depend only on the batch's place in the run, so a checkpoint needs no generator
        // state, and an evaluation in between changes nothing.
        // Processes draw differently, since they have different images.
        int place = state.Epoch * task.StepsPerEpoch + info.Index;
        manual_seed(group.IsFirst ? Seeds.Mix(options.Seed, place) : Seeds.Mix(options.Seed, place, group.Rank)).Dispose();
        using Autocast? precision = options.Precision.Begin(device.type);
        return task.ComputeLosses(batch);
    }

    /// <summary>The share of the expected images of a step. All but an epoch's last batch have as many as the first.</summary>
    private double Share(int images) => options.Accumulate == 1 ? 1 : (double)images / (options.Accumulate * imagesOfFirst);

    /// <summary>The values of all losses in one transfer from the device.</summary>
    private static KeyValuePair<string, double>[] Values(Losses losses)
    {
        float[] values = stack(losses.Select(loss => loss.Value.detach())).to(float32).ToHost<float>();
        return [.. losses.Select((loss, i) => KeyValuePair.Create(loss.Name, (double)values[i]))];
    }
}
