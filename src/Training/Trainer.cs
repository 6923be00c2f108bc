using System.Diagnostics;
using TorchSharp.Modules;
using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// The trainer for all kinds of models: epochs of steps with warmup and a schedule, evaluation after each epoch,
/// checkpoints and metrics files.
/// </summary>
/// <remarks>
/// A run that was stopped anywhere, or even killed, and then resumed ends with bit-identical weights on the same machine with the same
/// number of threads: batches depend on the epoch, random draws on the seed and the step, and the rest is in the checkpoint.
/// </remarks>
/// <typeparam name="TBatch">A batch of the task.</typeparam>
public sealed class Trainer<TBatch> where TBatch : IDisposable
{
    private readonly ITrainingTask<TBatch> task;
    private readonly TrainerOptions options;
    private readonly ITrainingProgress? progress;
    private readonly LearningRateSchedule schedule;
    private readonly int totalSteps;

    /// <summary>Prepares training. Nothing is written yet.</summary>
    /// <param name="task">The model and its data. The model must already be on its device.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Receives progress reports.</param>
    /// <exception cref="InputException">There is nothing to train on, or an option is out of its range.</exception>
    public Trainer(ITrainingTask<TBatch> task, TrainerOptions options, ITrainingProgress? progress = null)
    {
        if (task.StepsPerEpoch == 0) throw new InputException("There are no training images.");
        OptionRanges.Check(options);
        this.task = task;
        this.options = options;
        this.progress = progress;
        totalSteps = options.Epochs * task.StepsPerEpoch;
        schedule = new(options, totalSteps);
    }

    /// <summary>Trains to the end, or until canceled: then the current step is completed and <c>last.safetensors</c> written.</summary>
    /// <exception cref="InputException">The folder holds another run, a loss is not finite,
    /// or the checkpoint does not belong to this run.</exception>
    public TrainingResult Run(CancellationToken cancellation = default)
    {
        RunFolder run = RunFolder.Open(options.Folder, options.Resume);
        ParameterGroup[] groups = ParameterGroup.Of(task.Model.parameters(), task.BackboneParameters, options.BackboneRateFactor);
        using OptimizerHelper optimizer = MakeOptimizer(groups);
        Checkpoint checkpoint = new(task.Model, task.Description, optimizer, options, task.Settings, task.StepsPerEpoch);
        TrainerState state = options.Resume ? checkpoint.ReadRun(run.Last) : new();
        Session session = new(run, groups, optimizer, checkpoint, state, new(run, state.Epoch, StepsDone(state)));

        progress?.Started(StepsDone(state), totalSteps);
        while (state.Epoch < options.Epochs)
        {
            if (!TrainEpoch(session, cancellation) || !EndEpoch(session, cancellation))
            {
                Save(session);
                return new(false, state.Epoch, state.Best);
            }
        }
        return new(true, state.Epoch, state.Best);
    }

    /// <summary>Runs the remaining steps of the epoch; false if it was canceled before the last one.</summary>
    private bool TrainEpoch(Session session, CancellationToken cancellation)
    {
        TrainerState state = session.State;
        task.Model.train();
        Stopwatch sinceSave = Stopwatch.StartNew(), step = Stopwatch.StartNew();
        foreach (TBatch batch in task.Batches(state.Epoch, state.StepInEpoch))
        {
            using (batch)
            {
                BatchInfo info = task.Describe(batch);
                state.StepInEpoch = info.Index;
                var losses = Step(session, batch, info);
                state.StepInEpoch++;
                state.Losses.Add(losses);
                Report(session, losses, info.Files.Count, step.Elapsed);
            }
            if (cancellation.IsCancellationRequested) return false;
            if (sinceSave.Elapsed >= options.CheckpointInterval)
            {
                Save(session);
                sinceSave.Restart();
            }
            step.Restart();
        }
        return true;
    }

    /// <summary>Evaluates and saves; false if it was canceled, so that the evaluation is repeated after resuming.</summary>
    private bool EndEpoch(Session session, CancellationToken cancellation)
    {
        TrainerState state = session.State;
        session.Checkpoint.RequireFinite();
        ValidationResult validation;
        try
        {
            if (options.PreciseBatchNorm is > 0 and var batches)
                PreciseBatchNorm.Recompute(task.Model, Passes(state.Epoch, batches, cancellation));
            task.Model.eval();
            validation = task.Evaluate((done, total) => progress?.Evaluating(done, total), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }

        int lastStep = StepsDone(state);
        EpochReport report = new()
        {
            Epoch = state.Epoch + 1,
            Step = lastStep,
            LearningRate = schedule.At(lastStep - 1),
            Loss = state.Losses.Total,
            Losses = state.Losses.Means,
            Validation = validation,
            IsBest = state.Best is not { } best || validation.MainValue > best,
        };
        if (report.IsBest)
        {
            session.Checkpoint.WriteWeights(session.Run.Best, report);
            state.Best = validation.MainValue;
        }
        state.Epoch++;
        state.StepInEpoch = 0;
        state.Losses = new();
        // The log first: lines after the checkpoint are removed when resuming, but missing lines could not be restored.
        session.Log.Write(report);
        Save(session);
        progress?.EpochEnded(report);
        return true;
    }

    /// <summary>
    /// Runs the first batches of an epoch through the model, each as in training. Random draws depend only on the epoch and the batch, so
    /// that they are the same after a resume.
    /// </summary>
    private IEnumerable<Action> Passes(int epoch, int batches, CancellationToken cancellation)
    {
        foreach (TBatch batch in task.Batches(epoch, 0).Take(batches))
        {
            using (batch)
            {
                cancellation.ThrowIfCancellationRequested();
                manual_seed(Seeds.Mix(options.Seed, epoch * task.StepsPerEpoch + task.Describe(batch).Index)).Dispose();
                yield return () => task.ComputeLosses(batch);
            }
        }
    }

    private IReadOnlyList<KeyValuePair<string, double>> Step(Session session, TBatch batch, BatchInfo info)
    {
        using var scope = NewDisposeScope();
        int step = StepsDone(session.State);
        // Random draws of samplers and dropout depend only on the step, so a checkpoint needs no generator
        // state, and an evaluation in between changes nothing.
        manual_seed(Seeds.Mix(options.Seed, step)).Dispose();
        foreach (var (group, rates) in session.Groups.Zip(session.Optimizer.ParamGroups))
            rates.LearningRate = schedule.At(step) * group.Factor;

        Losses losses = task.ComputeLosses(batch);
        var values = Values(losses);
        RequireFinite(values, session, info);

        task.Model.zero_grad();
        losses.Total().backward();
        if (options.ClipGradientNorm is { } norm) nn.utils.clip_grad_norm_(session.Groups.SelectMany(group => group.Parameters), norm);
        session.Optimizer.step();
        return values;
    }

    /// <summary>The values of all losses in one transfer from the device.</summary>
    private static KeyValuePair<string, double>[] Values(Losses losses)
    {
        float[] values = stack(losses.Select(loss => loss.Value.detach())).to(float32).ToHost<float>();
        return [.. losses.Select((loss, i) => KeyValuePair.Create(loss.Name, (double)values[i]))];
    }

    private void RequireFinite(IReadOnlyList<KeyValuePair<string, double>> losses, Session session, BatchInfo batch)
    {
        string[] broken = [.. losses.Where(loss => !double.IsFinite(loss.Value)).Select(loss => $"{loss.Key} is {loss.Value}")];
        if (broken.Length == 0) return;
        string kept = File.Exists(session.Run.Last) ? $" {session.Run.Last} still holds the run as it was before." : "";
        throw new InputException(
            $"Training stopped at step {StepsDone(session.State) + 1} (epoch {session.State.Epoch + 1}): {string.Join(", ", broken)}. "
            + $"Images of the batch: {string.Join(", ", batch.Files)}. "
            + $"Check their annotations, lower the learning rate, or clip the gradients.{kept}");
    }

    private void Report(Session session, IReadOnlyList<KeyValuePair<string, double>> losses, int images, TimeSpan elapsed)
    {
        // The latest steps weigh most, since image sizes and the load of the machine vary.
        session.SecondsPerStep = session.SecondsPerStep is { } mean ? 0.95 * mean + 0.05 * elapsed.TotalSeconds : elapsed.TotalSeconds;
        int step = StepsDone(session.State);
        StepReport report = new()
        {
            Epoch = session.State.Epoch + 1,
            Step = step,
            LearningRate = schedule.At(step - 1),
            Loss = losses.Sum(loss => loss.Value),
            Losses = losses,
            ImagesPerSecond = images / elapsed.TotalSeconds,
            Remaining = TimeSpan.FromSeconds((totalSteps - step) * session.SecondsPerStep.Value),
        };
        if (step % options.LogEverySteps == 0) session.Log.Write(report);
        progress?.Stepped(report);
    }

    private static void Save(Session session) => session.Checkpoint.WriteRun(session.Run.Last, session.State);

    private int StepsDone(TrainerState state) => state.Epoch * task.StepsPerEpoch + state.StepInEpoch;

    private OptimizerHelper MakeOptimizer(ParameterGroup[] groups) => options.Optimizer switch
    {
        OptimizerKind.Sgd => optim.SGD(
            groups.Select(group => new SGD.ParamGroup(group.Parameters, options.LearningRate, options.Momentum, 0, options.WeightDecay)),
            options.LearningRate, options.Momentum, 0, options.WeightDecay),
        OptimizerKind.AdamW => optim.AdamW(
            groups.Select(group => new AdamW.ParamGroup(group.Parameters, options.LearningRate, 0.9, 0.999, 1e-8, options.WeightDecay)),
            options.LearningRate, 0.9, 0.999, 1e-8, options.WeightDecay),
        var kind => throw new ArgumentOutOfRangeException(nameof(options), kind, "No such optimizer."),
    };

    /// <summary>The state of a run in progress.</summary>
    private sealed record Session(RunFolder Run, ParameterGroup[] Groups, OptimizerHelper Optimizer, Checkpoint Checkpoint,
        TrainerState State,
        MetricsLog Log)
    {
        public double? SecondsPerStep { get; set; }
    }
}
