using System.Diagnostics;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>A run of one step on a few images, through the code of a real one, in a folder that is removed.</summary>
/// <typeparam name="TDataset">The type of the data.</typeparam>
/// <typeparam name="TBatch">The type of its batches.</typeparam>
/// <typeparam name="TMetrics">The metrics of the kind of model.</typeparam>
internal sealed class DryRun<TDataset, TBatch, TMetrics>
    where TDataset : IDataset where TBatch : class, IDisposable where TMetrics : class
{
    private readonly TrainingTask<TDataset, TBatch, TMetrics> task;
    private readonly TrainerOptions recipe;
    private readonly List<DryRunStage> stages = [];

    /// <summary>Prepares it.</summary>
    /// <param name="task">The task, with a few images.</param>
    /// <param name="recipe">The recipe of the real run.</param>
    public DryRun(TrainingTask<TDataset, TBatch, TMetrics> task, TrainerOptions recipe) => (this.task, this.recipe) = (task, recipe);

    /// <summary>Passes every stage once. The model is afterwards as before.</summary>
    /// <param name="callbacks">The run's callbacks.</param>
    /// <param name="draw">Draws the plots of a run into a folder.</param>
    /// <param name="load">Loads the best weights of a run, as for a prediction.</param>
    /// <param name="cancellation">Cancels it.</param>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public IReadOnlyList<DryRunStage> Run(IReadOnlyList<TrainingCallback> callbacks, Action<RunFolder, TMetrics, string> draw,
        Action<string> load, CancellationToken cancellation)
    {
        using UntouchedModel untouched = new(task.Model);
        Dictionary<string, Tensor> weights = task.Model.named_parameters()
            .ToDictionary(entry => entry.name, entry => entry.parameter.detach().clone().DetachFromDisposeScope());
        string folder = Directory.CreateTempSubdirectory("vision-dry-run-").FullName;
        RunFolder files = RunFolder.At(folder);
        TrainerOptions options = recipe with
        {
            Folder = folder, Resume = false, Epochs = 1, TimeBudget = null, LogEverySteps = 1,
            PreciseBatchNorm = recipe.PreciseBatchNorm is > 0 ? 1 : null,
        };
        try
        {
            Pass("data", Load);
            Timer timer = new();
            TrainingResult result = new Trainer<TBatch>(task, options, [timer, .. callbacks]).Run(cancellation);
            if (!result.Finished) throw new OperationCanceledException(cancellation);
            stages.AddRange(timer.Stages(task.Validation.Count));
            long bytes = new FileInfo(files.Last).Length;
            Pass("read back", () =>
            {
                new Trainer<TBatch>(task, options with { Resume = true }).Run(cancellation);
                load(files.Best);
                return $"the checkpoint of {bytes / 1e6:0} MB to resume from, and the best weights to predict with";
            });
            Pass("plots", () =>
            {
                draw(files, task.LastEvaluation!, folder);
                return string.Join(", ", Directory.EnumerateFiles(folder, "*.png").Select(Path.GetFileName).Order(StringComparer.Ordinal));
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            using var noGrad = no_grad();
            foreach (var (name, parameter) in task.Model.named_parameters())
            {
                parameter.copy_(weights[name]);
                weights[name].Dispose();
            }
        }
        return stages;

        string Load()
        {
            int images = 0;
            foreach (TBatch batch in task.Batches(0, 0))
            {
                using (batch) images += task.Describe(batch).Files.Count;
                cancellation.ThrowIfCancellationRequested();
            }
            string unreadable = task.Training.Report.Summary;
            return $"{images} training images, the extremes among them{(unreadable.Length > 0 ? $"; {unreadable}" : "")}";
        }
    }

    private void Pass(string name, Func<string> work)
    {
        Stopwatch watch = Stopwatch.StartNew();
        string what = work();
        stages.Add(new(name, what, watch.Elapsed));
    }

    /// <summary>Measures the stages of the trainer.</summary>
    private sealed class Timer : TrainingCallback
    {
        private readonly Stopwatch watch = new();
        private TimeSpan step, evaluation, checkpoint;
        private StepReport? last;
        private EpochReport? epoch;

        public override void Started(TrainingRun run) => watch.Restart();

        public override void StepEnded(TrainingRun run, StepReport report)
        {
            step += Lap();
            last = report;
        }

        public override void EpochEnded(TrainingRun run, EpochReport report)
        {
            evaluation = Lap();
            epoch = report;
        }

        public override void Ended(TrainingRun run, TrainingResult result) => checkpoint = Lap();

        public IEnumerable<DryRunStage> Stages(int images)
        {
            yield return new("step", FormattableString.Invariant($"loss {last!.Loss:0.####}"), step);
            yield return new("evaluation", FormattableString.Invariant(
                $"{images} images, {epoch!.Validation.Main} {epoch.Score:0.###}"), evaluation);
            yield return new("checkpoint", Path.GetFileName(RunFolder.At("").Last), checkpoint);
        }

        private TimeSpan Lap()
        {
            TimeSpan elapsed = watch.Elapsed;
            watch.Restart();
            return elapsed;
        }
    }
}
