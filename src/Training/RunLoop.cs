using System.Diagnostics;
using TorchSharp.Modules;
using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>A run of the trainer: its epochs, from the first or from those in the checkpoint, with what belongs to them.</summary>
/// <typeparam name="TBatch">A batch of the task.</typeparam>
internal sealed class RunLoop<TBatch> : IDisposable where TBatch : IDisposable
{
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
    private readonly ProcessGroup group;
    private readonly SharedRun shared;
    private double? secondsPerStep;

    /// <summary>Opens the run's folder, and reads its checkpoint if it has one.</summary>
    /// <inheritdoc cref="Trainer{TBatch}.Trainer"/>
    public RunLoop(ITrainingTask<TBatch> task, TrainerOptions options, IReadOnlyList<TrainingCallback> callbacks, TimeProvider clock,
        ProcessGroup group)
    {
        Runtime.EnsureLoaded();                                             // numbers that TorchSharp passes to libtorch live long enough
        this.task = task;
        this.options = options;
        this.group = group;
        shared = new(group);
        files = group.IsFirst ? RunFolder.Open(options.Folder, options.Resume) : RunFolder.At(options.Folder);
        freezing = new(task.Model, task.BackboneStages, options);
        ParameterGroup[] groups = ParameterGroup.Of(task.Model.parameters(), task.BackboneStages, options);
        optimizer = MakeOptimizer(groups);
        if (options.AverageDecay is { } decay) average = new(task.Model, decay);
        checkpoint = new(task.Model, task.Description, optimizer, average, options, task.Settings, task.StepsPerEpoch);
        state = shared.Read(checkpoint, files.Last) ?? new();
        shared.Weights(task.Model);
        progress = new(options, task.StepsPerEpoch, state, clock);
        schedule = new(options, options.TimeBudget is null ? progress.TotalSteps : null);
        steps = new(task, options, state, groups, optimizer, files, group);
        // Of several processes, each has a part of a step: what one stored would not repeat it.
        if (group.Size == 1 && task is IRecordedTask<TBatch> recorded) failures = new(recorded, options, state, files);
        run = new(task.Model, files, options, state, progress);
        // The log comes last, so that it has what the others log.
        this.callbacks = group.IsFirst ? [.. callbacks, new MetricsLog()] : [];
    }

    /// <inheritdoc cref="Trainer{TBatch}.Run"/>
    public TrainingResult Run(CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        foreach (TrainingCallback callback in callbacks) callback.Started(run);
        Agree(stop);
        bool finished = true;
        while (finished && state.Epoch < options.Epochs && (state.EndedBecause is null || state.BatchInEpoch > 0))
        {
            finished = TrainEpoch(stop) && EndEpoch(stop);
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
        steps.Dispose();
        average?.Dispose();
        optimizer.Dispose();
    }

    /// <summary>Runs the remaining steps of the epoch; false if it was canceled before the last one.</summary>
    private bool TrainEpoch(CancellationTokenSource stop)
    {
        if (state.EndedBecause is not null) return true;        // it was canceled in the evaluation of its last epoch
        SetToTrain();
        List<string> images = [];
        Stopwatch sinceSave = Stopwatch.StartNew(), step = Stopwatch.StartNew();
        int last = -1;
        bool any = state.BatchInEpoch > 0;
        foreach (var (batch, info) in Parts(task.Batches(state.Epoch, state.BatchInEpoch), state.BatchInEpoch))
        {
            using (batch)
            {
                if (steps.Batches == 0) failures?.Begin();
                bool isShared = false;
                Guarded(info.Index, () => isShared = steps.Add(batch, info, progress.Step));
                if (!isShared) continue;
                any = true;
                last = info.Index;
                images.AddRange(info.Files);
            }
            if (steps.Batches < options.Accumulate && last < task.StepsPerEpoch - 1) continue;
            EndStep();
            if (stop.IsCancellationRequested) return false;
            if (state.EndedBecause is not null) return true;
            if (sinceSave.Elapsed >= options.CheckpointInterval)
            {
                Save();
                sinceSave.Restart();
            }
        }
        // The epoch's last batches may have no image that can be read.
        if (steps.Batches > 0) EndStep();
        if (!any) throw new InputException("None of the training images could be read by any process.");
        return !stop.IsCancellationRequested;

        void EndStep()
        {
            LossMeans losses = steps.Losses;
            int count = steps.Images;
            state.LearningRate = shared.FromFirst(schedule.At(progress.Step, progress.Fraction, state.Scores) * state.RateFactor);
            double? norm = null;
            Guarded(last, () => norm = steps.Update(state.LearningRate, progress.Step, images));
            if (norm is not null) average?.Add(state.Averaged++);
            state.BatchInEpoch = last + 1;
            state.Losses.Add(losses.Means);
            Report(losses, norm, count, step.Elapsed);
            images.Clear();
            step.Restart();
            CheckTime();
            Agree(stop);
        }
    }

    /// <summary>Does a part of a step; if it fails, the step is stored.</summary>
    private void Guarded(int lastBatch, Action part)
    {
        if (failures is null) part();
        else failures.Watch(progress.Step, lastBatch, part);
    }

    /// <summary>The batches of which this process has a part, and the others' by their index alone, since all processes make a step
    /// together.</summary>
    private IEnumerable<(TBatch? Batch, BatchInfo Info)> Parts(IEnumerable<TBatch> batches, int next)
    {
        foreach (TBatch batch in batches)
        {
            BatchInfo info = task.Describe(batch);
            for (; group.Size > 1 && next < info.Index; next++) yield return (default, new(next, []));
            next = info.Index + 1;
            yield return (batch, info);
        }
        for (; group.Size > 1 && next < task.StepsPerEpoch; next++) yield return (default, new(next, []));
    }

    /// <summary>Takes over the first process's decisions, and stops if any process was asked to.</summary>
    private void Agree(CancellationTokenSource stop)
    {
        if (shared.Agree(state, stop.IsCancellationRequested)) stop.Cancel();
    }

    /// <summary>Evaluates and saves; false if it was canceled, so that the evaluation is repeated after resuming.</summary>
    private bool EndEpoch(CancellationTokenSource stop)
    {
        shared.Weights(task.Model);
        checkpoint.RequireFinite();
        long began = progress.Now();
        ValidationResult validation;
        ValidationResult? averaged = null;
        try
        {
            validation = Evaluate(stop);
            if (average is not null)
                using (average.InPlace()) averaged = Evaluate(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
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
        if (group.IsFirst) WriteWeights(report, kept);
        state.Epoch++;
        state.BatchInEpoch = 0;
        state.Losses = new();
        foreach (TrainingCallback callback in callbacks) callback.EpochEnded(run, report);
        if (options.EarlyStopping is { } patience && state.EpochsSinceBest >= patience)
            run.Stop($"{validation.Main} has not improved for {patience} epochs");
        progress.Note(evaluation: progress.Since(began));
        CheckTime();
        Agree(stop);
        // After the log: lines after the checkpoint are removed when resuming, but missing lines could not be restored.
        Save();
        if (group.IsFirst) kept.RemoveOthers();
        ProcessMemory.Trim();                                               // steps and evaluation leave gaps that would add up
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

    private ValidationResult Evaluate(CancellationTokenSource stop)
    {
        if (options.PreciseBatchNorm is > 0 and var batches)
        {
            SetToTrain();
            using IDisposable? alone = steps.PauseSyncNorms();
            PreciseBatchNorm.Recompute(task.Model, Passes(state.Epoch, batches, group.Size == 1 ? stop.Token : default), group);
        }
        task.Model.eval();
        ValidationResult? own = null;
        try
        {
            own = task.Evaluate((done, total) =>
            {
                foreach (TrainingCallback callback in callbacks) callback.Evaluating(run, done, total);
            }, stop.Token);
        }
        catch (OperationCanceledException) when (group.Size > 1)
        {
            // The others learn of it next.
        }
        if (group.Gather([own is null ? (byte)1 : (byte)0]).Any(canceled => canceled[0] != 0))
        {
            stop.Cancel();
            throw new OperationCanceledException();
        }
        return SharedEvaluation.FromFirst(group, own);
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
        if (group.IsFirst && progress.TimeFraction >= 1) run.Stop($"the time budget of {options.TimeBudget} is used up");
    }

    private void Save()
    {
        progress.Note();
        if (group.IsFirst) checkpoint.WriteRun(files.Last, state);
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
