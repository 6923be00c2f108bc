using TorchSharp.Modules;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// Measures the memory of training by a few passes over small batches of the largest images. Beyond what a process needs anyway (weights,
/// gradients, libraries), memory grows with the number of images: two numbers of them show how much for each.
/// </summary>
/// <typeparam name="TBatch">A batch of the task.</typeparam>
internal sealed class MemoryProbe<TBatch> where TBatch : IDisposable
{
    // The part of the free memory that a measurement may take.
    private const double Affordable = 0.7;

    // glibc's DEFAULT_MMAP_THRESHOLD_MAX, less the block's own header and the page that it is rounded up to.
    private const long LargestKeptBlock = (32 << 20) - (64 << 10);

    private readonly IProbedTask<TBatch> task;
    private readonly TrainerOptions options;

    /// <summary>Prepares the measurement.</summary>
    /// <param name="task">The task, with its model on the CPU.</param>
    /// <param name="options">How it is trained.</param>
    public MemoryProbe(IProbedTask<TBatch> task, TrainerOptions options) => (this.task, this.options) = (task, options);

    /// <summary>Measures. The model, its statistics and the random generator are afterwards as before, to the bit.</summary>
    /// <param name="batchSize">The number of images in a batch for which the result is to be precise.</param>
    /// <param name="progress">Receives (passes done, all passes).</param>
    /// <param name="cancellation">Cancels it between two passes.</param>
    public MemoryUse Measure(int batchSize, Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        using UntouchedModel untouched = new(task.Model);
        Freezing freezing = new(task.Model, task.BackboneStages, options);
        Parameter[] trained = [.. ParameterGroup.Of(task.Model.parameters(), task.BackboneStages, options)
            .SelectMany(group => group.Parameters)];
        task.Model.train();
        freezing.Apply(options.ThawEpoch ?? 1);

        int few = Math.Max(task.LeastImages, batchSize / 8);
        int done = 0;
        // From the first block of this size that is freed on, glibc no longer returns smaller ones at once: as in the steps after the
        // first.
        using (empty(LargestKeptBlock, ScalarType.Byte)) { }
        // The first pass makes the gradients, and has libraries prepare what they keep.
        Train(few);
        ProcessMemory.GiveBack();
        long before = ProcessMemory.Resident;
        long withFew = Train(few);
        // Blocks of memory are kept or given back depending on their size, so that a batch of the very size is measured if it surely fits.
        double most = (double)(withFew - before) / few * batchSize;
        int more = Math.Max(few + 1, most < Affordable * ProcessMemory.Available ? batchSize : 2 * few);
        long withMore = Train(more);
        // Evaluations and later steps find the memory in the pieces that earlier steps left, and need more of it.
        long evaluation = Pass(() => task.EvaluateLargest(cancellation), cleanly: false);
        long later = Pass(() => Step(more), cleanly: false), last = Pass(() => Step(more), cleanly: false);

        long weights = trained.Sum(Bytes), all = task.Model.state_dict().Values.Sum(Bytes);
        return new()
        {
            Images = more,
            Training = Math.Max(withMore, Math.Max(later, last)),
            Evaluation = evaluation,
            PerImage = (double)Math.Max(0, withMore - withFew) / (more - few),
            Kept = weights * (options.Optimizer == OptimizerKind.AdamW ? 2 : options.Momentum > 0 ? 1 : 0)
                + (options.AverageDecay is null ? 0 : all),
            BytesAhead = task.BytesAhead,
        };

        long Train(int images) => Pass(() => Step(images));

        long Pass(Action work, bool cleanly = true)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Invoke(done++, 6);
            if (cleanly) ProcessMemory.GiveBack();
            ProcessMemory.ForgetPeak();
            work();
            return ProcessMemory.Peak;
        }
    }

    /// <summary>The computations of a step up to its gradients, in the trainer's order.</summary>
    private void Step(int images)
    {
        using var scope = NewDisposeScope();
        using TBatch batch = task.Example(images);
        manual_seed(task.LargestSeed(images)).Dispose();
        Losses losses;
        using (options.Precision.Begin(task.Model.parameters().First().device_type)) losses = task.ComputeLosses(batch);
        Tensor total = losses.Total();
        task.Model.zero_grad();
        total.backward();
    }

    private static long Bytes(Tensor tensor) => tensor.numel() * tensor.element_size();
}
