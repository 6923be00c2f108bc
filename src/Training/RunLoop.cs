using System.Diagnostics;
using TorchSharp.Modules;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>A run of the trainer: its epochs, from the first or from those in the checkpoint, with what belongs to them.</summary>
/// <typeparam name="TBatch">A batch of the task.</typeparam>
internal sealed class RunLoop<TBatch> : IDisposable where TBatch : IDisposable
{
    // Steps leave gaps between blocks of memory that the next ones fill only in part; giving them back costs some milliseconds.
    private static readonly TimeSpan trimInterval = TimeSpan.FromSeconds(1);

    private readonly ITrainingTask<TBatch> task;
    private readonly TrainerOptions options;
    private readonly RunFolder files;
    private readonly Freezing freezing;
    private readonly OptimizerHelper optimizer;
    private readonly WeightAverage? average;
    private readonly Checkpoint checkpoint;
    private readonly TrainerState state;
    private readonly RunProgress progress;
    private readonly LearningRateSchedule schedule;
    private readonly StepRunner<TBatch> steps;
    private readonly FailureRecorder<TBatch>? failures;
    private readonly TrainingRun run;
    private readonly IReadOnlyList<TrainingCallback> callbacks;
    private double? secondsPerStep;

    /// <summary>Opens the run's folder, and reads its checkpoint if it has one.</summary>
    /// <inheritdoc cref="Trainer{TBatch}.Trainer"/>
    public RunLoop(ITrainingTask<TBatch> task, TrainerOptions options, IReadOnlyList<TrainingCallback> callbacks, TimeProvider clock)
    {
        this.task = task;
        this.options = options;
        files = RunFolder.Open(options.Folder, options.Resume);
        freezing = new(task.Model, task.BackboneStages, options);
        ParameterGroup[] groups = ParameterGroup.Of(task.Model.parameters(), task.BackboneStages, options);
        optimizer = MakeOptimizer(groups);
        if (options.AverageDecay is { } decay) average = new(task.Model, decay);
        checkpoint = new(task.Model, task.Description, optimizer, average, options, task.Settings, task.StepsPerEpoch);
        state = File.Exists(files.Last) ? checkpoint.ReadRun(files.Last) : new();
        progress = new(options, task.StepsPerEpoch, state, clock);
        schedule = new(options, options.TimeBudget is null ? progress.TotalSteps : null);
        steps = new(task, options, state, groups, optimizer, files);
        if (task is IRecordedTask<TBatch> recorded) failures = new(recorded, options, state, files);
        run = new(task.Model, files, options, state, progress);
        // The log comes last, so that it has what the others log.
        this.callbacks = [.. callbacks, new MetricsLog()];
    }

    /// <inheritdoc cref="Trainer{TBatch}.Run"/>
    public TrainingResult Run(CancellationToken cancellation)
    {
        foreach (TrainingCallback callback in callbacks) callback.Started(run);
        bool finished = true;
        while (finished && state.Epoch < options.Epochs && (state.EndedBecause is null || state.BatchInEpoch > 0))
        {
            finished = TrainEpoch(cancellation) && EndEpoch(cancellation);
            if (!finished) Save();
        }
        TrainingResult result = new(finished, state.Epoch, state.Best, state.EndedBecause);
        foreach (TrainingCallback callback in callbacks) callback.Ended(run, result);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        failures?.Dispose();
        average?.Dispose();
        optimizer.Dispose();
    }

    /// <summary>Runs the remaining steps of the epoch; false if it was canceled before the last one.</summary>
    private bool TrainEpoch(CancellationToken cancellation)
    {
        if (state.EndedBecause is not null) return true;        // it was canceled in the evaluation of its last epoch
        SetToTrain();
        List<string> images = [];
        Stopwatch sinceSave = Stopwatch.StartNew(), step = Stopwatch.StartNew(), sinceTrim = Stopwatch.StartNew();
        int last = -1;
        foreach (TBatch batch in task.Batches(state.Epoch, state.BatchInEpoch))
        {
            using (batch)
            {
                BatchInfo info = task.Describe(batch);
                last = info.Index;
                if (steps.Batches == 0) failures?.Begin();
                Guarded(last, () => steps.Add(batch, info, progress.Step));
                images.AddRange(info.Files);
            }
            if (steps.Batches < options.Accumulate && last < task.StepsPerEpoch - 1) continue;
            EndStep();
            if (cancellation.IsCancellationRequested) return false;
            if (state.EndedBecause is not null) return true;
            if (sinceSave.Elapsed >= options.CheckpointInterval)
            {
                Save();
                sinceSave.Restart();
            }
        }
        // The epoch's last batches may have no image that can be read.
        if (steps.Batches > 0) EndStep();
        return !cancellation.IsCancellationRequested;

        void EndStep()
        {
            LossMeans losses = steps.Losses;
            state.LearningRate = schedule.At(progress.Step, progress.Fraction, state.Scores) * state.RateFactor;
            double? norm = null;
            Guarded(last, () => norm = steps.Update(state.LearningRate, progress.Step, images));
            if (norm is not null) average?.Add(state.Averaged++);
            if (sinceTrim.Elapsed >= trimInterval)
            {
                ProcessMemory.GiveBack();
                sinceTrim.Restart();
            }
            state.BatchInEpoch = last + 1;
            state.Losses.Add(losses.Means);
            Report(losses, norm, images.Count, step.Elapsed);
            images.Clear();
            step.Restart();
            CheckTime();
        }
    }

    /// <summary>Does a part of a step; if it fails, the step is stored.</summary>
    private void Guarded(int lastBatch, Action part)
    {
        if (failures is null) part();
        else failures.Watch(progress.Step, lastBatch, part);
    }

    /// <summary>Evaluates and saves; false if it was canceled, so that the evaluation is repeated after resuming.</summary>
    private bool EndEpoch(CancellationToken cancellation)
    {
        checkpoint.RequireFinite();
        long began = progress.Now();
        ValidationResult validation;
        ValidationResult? averaged = null;
        try
        {
            validation = Evaluate(cancellation);
            if (average is not null)
                using (average.InPlace()) averaged = Evaluate(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }

        EpochReport report = new()
        {
            Epoch = state.Epoch + 1,
            Step = progress.Step,
            LearningRate = state.LearningRate,
            Loss = state.Losses.Total,
            Losses = state.Losses.Means,
            Validation = validation,
            AverageValidation = averaged,
            IsBest = true,
        };
        report = report with { IsBest = state.Best is not { } best || report.Score > best };
        state.Scores.Add(report.Score);
        BestEpochs kept = new(files, state.Scores, options.SaveTop);
        WriteWeights(report, kept);
        state.Epoch++;
        state.BatchInEpoch = 0;
        state.Losses = new();
        foreach (TrainingCallback callback in callbacks) callback.EpochEnded(run, report);
        if (options.EarlyStopping is { } patience && state.EpochsSinceBest >= patience)
            run.Stop($"{validation.Main} has not improved for {patience} epochs");
        progress.Note(evaluation: progress.Since(began));
        CheckTime();
        // After the log: lines after the checkpoint are removed when resuming, but missing lines could not be restored.
        Save();
        kept.RemoveOthers();
        return true;
    }

    private void WriteWeights(EpochReport report, BestEpochs kept)
    {
        if (average is not null)
            using (average.InPlace()) checkpoint.WriteWeights(files.Average, report.Epoch, report.AverageValidation!);
        using IDisposable? better = report.IsAverageBetter ? average!.InPlace() : null;
        ValidationResult validation = report.IsAverageBetter ? report.AverageValidation! : report.Validation;
        if (report.IsBest) checkpoint.WriteWeights(files.Best, report.Epoch, validation);
        if (kept.Contains(report.Epoch)) checkpoint.WriteWeights(files.OfEpoch(report.Epoch), report.Epoch, validation);
    }

    private ValidationResult Evaluate(CancellationToken cancellation)
    {
        if (options.PreciseBatchNorm is > 0 and var batches)
        {
            SetToTrain();
            PreciseBatchNorm.Recompute(task.Model, Passes(state.Epoch, batches, cancellation));
        }
        task.Model.eval();
        return task.Evaluate((done, total) =>
        {
            foreach (TrainingCallback callback in callbacks) callback.Evaluating(run, done, total);
        }, cancellation);
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

    private void SetToTrain()
    {
        task.Model.train();
        freezing.Apply(state.Epoch + 1);
    }

    private void CheckTime()
    {
        if (progress.TimeFraction >= 1) run.Stop($"the time budget of {options.TimeBudget} is used up");
    }

    private void Save()
    {
        progress.Note();
        checkpoint.WriteRun(files.Last, state);
    }

    private void Report(LossMeans losses, double? norm, int images, TimeSpan elapsed)
    {
        // The latest steps weigh most, since image sizes and the load of the machine vary.
        secondsPerStep = secondsPerStep is { } mean ? 0.95 * mean + 0.05 * elapsed.TotalSeconds : elapsed.TotalSeconds;
        StepReport report = new()
        {
            Epoch = state.Epoch + 1,
            Step = progress.Step,
            LearningRate = state.LearningRate,
            Loss = losses.Total,
            Losses = losses.Means,
            GradientNorm = norm,
            LossScale = state.LossScale?.Value,
            ImagesPerSecond = images / elapsed.TotalSeconds,
            Remaining = progress.TimeLeft ?? TimeSpan.FromSeconds((progress.TotalSteps - progress.Step) * secondsPerStep.Value),
        };
        foreach (TrainingCallback callback in callbacks) callback.StepEnded(run, report);
    }

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
}
