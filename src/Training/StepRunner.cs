using TorchSharp.Modules;
using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Steps of the optimizer, each from the gradients of one or several batches.</summary>
/// <typeparam name="TBatch">A batch of the task.</typeparam>
internal sealed class StepRunner<TBatch> where TBatch : IDisposable
{
    private readonly ITrainingTask<TBatch> task;
    private readonly TrainerOptions options;
    private readonly TrainerState state;
    private readonly ParameterGroup[] groups;
    private readonly OptimizerHelper optimizer;
    private readonly Device device;
    private readonly NonFinite failure;
    private int imagesOfFirst;

    /// <summary>Prepares the first step.</summary>
    /// <param name="task">The model and its losses.</param>
    /// <param name="options">How to train.</param>
    /// <param name="state">The state of the run, of which this class changes the loss scale.</param>
    /// <param name="groups">The parameters that the optimizer updates.</param>
    /// <param name="optimizer">The optimizer, with a group for each of these.</param>
    /// <param name="files">The files of the run, for messages.</param>
    public StepRunner(ITrainingTask<TBatch> task, TrainerOptions options, TrainerState state, ParameterGroup[] groups,
        OptimizerHelper optimizer, RunFolder files)
    {
        this.task = task;
        this.options = options;
        this.state = state;
        this.groups = groups;
        this.optimizer = optimizer;
        device = groups[0].Parameters[0].device;
        failure = new(task.Model, files);
        if (options.Precision == TrainingPrecision.Float16) state.LossScale ??= new();
    }

    /// <summary>The number of batches since the last step.</summary>
    public int Batches { get; private set; }

    /// <summary>The number of their images.</summary>
    public int Images { get; private set; }

    /// <summary>Their mean losses.</summary>
    public LossMeans Losses { get; private set; } = new();

    /// <summary>Adds the gradients of a batch.</summary>
    /// <exception cref="InputException">A loss is not finite.</exception>
    public void Add(TBatch batch, BatchInfo info, int step)
    {
        using var scope = NewDisposeScope();
        Losses losses = Forward(batch, info);
        var values = Values(losses);
        if (values.Any(loss => !double.IsFinite(loss.Value)))
            throw failure.OfLosses(values, new(state.Epoch + 1, step + 1, info.Files), () => Forward(batch, info));

        if (Batches == 0)
        {
            task.Model.zero_grad();
            imagesOfFirst = info.Files.Count;
        }
        // As if the batches were one: each counts by its share of the images. Those of an epoch's last step may be fewer than expected.
        double weight = Share(info.Files.Count) * (state.LossScale?.Value ?? 1);
        Tensor total = losses.Total();
        (weight == 1 ? total : total * weight).backward();
        Losses.Add(values);
        Batches++;
        Images += info.Files.Count;
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
        Tensor[] gradients = [.. groups.SelectMany(group => group.Parameters).Select(parameter => parameter.grad).OfType<Tensor>()];
        double factor = 1 / (Share(Images) * (state.LossScale?.Value ?? 1));
        double norm = factor * stack(gradients.Select(gradient => gradient.norm())).norm().to(float64).item<double>();
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
        (Batches, Images, Losses) = (0, 0, new());
        return overflowed ? null : norm;
    }

    /// <summary>The losses of a batch, in the run's precision.</summary>
    private Losses Forward(TBatch batch, BatchInfo info)
    {
        // Random draws of samplers and dropout depend only on the batch's place in the run, so a checkpoint needs no generator
        // state, and an evaluation in between changes nothing.
        manual_seed(Seeds.Mix(options.Seed, state.Epoch * task.StepsPerEpoch + info.Index)).Dispose();
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
