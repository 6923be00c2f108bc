using Vision.Data;

namespace Vision.Training;

/// <summary>
/// The trainer for all kinds of models: epochs of steps with warmup and a schedule, evaluation after each epoch,
/// checkpoints and metrics files.
/// </summary>
/// <remarks>
/// A run that was stopped anywhere, or even killed, and then resumed ends with bit-identical weights on the same machine with the same
/// number of threads: batches depend on the epoch, random draws on the seed and the batch, and the rest is in the checkpoint. The exception
/// are runs with a time budget, whose learning rate depends on the clock.
/// <para>
/// With several processes (<see cref="ProcessGroup"/>), each trains on its part of every batch, and the sums of their gradients make the
/// same steps everywhere. Only the first one writes files and runs callbacks. If training fails in one of them, all end, rather than that
/// an exception is thrown. A run can be resumed with another number of processes.
/// </para>
/// </remarks>
/// <typeparam name="TBatch">A batch of the task.</typeparam>
public sealed class Trainer<TBatch> where TBatch : IDisposable
{
    private readonly ITrainingTask<TBatch> task;
    private readonly TrainerOptions options;
    private readonly IReadOnlyList<TrainingCallback> callbacks;

    /// <summary>Prepares training. Nothing is written yet.</summary>
    /// <param name="task">The model and its data. The model must already be on its device.</param>
    /// <param name="options">How to train.</param>
    /// <param name="callbacks">Run during training, in this order; for example to show the progress.</param>
    /// <exception cref="InputException">There is nothing to train on, or an option is out of its range.</exception>
    public Trainer(ITrainingTask<TBatch> task, TrainerOptions options, params IReadOnlyList<TrainingCallback> callbacks)
    {
        if (task.StepsPerEpoch == 0) throw new InputException("There are no training images.");
        OptionRanges.Check(options);
        this.task = task;
        this.options = options;
        this.callbacks = callbacks;
    }

    /// <summary>Measures time budgets.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Trains to the end, or until canceled: then the current step is completed and <c>last.safetensors</c> written.</summary>
    /// <exception cref="InputException">The folder holds another run, a loss is not finite,
    /// or the checkpoint does not belong to this run.</exception>
    public TrainingResult Run(CancellationToken cancellation = default)
    {
        try
        {
            using RunLoop<TBatch> loop = new(task, options, callbacks, Clock, ProcessGroup.Current);
            return loop.Run(cancellation);
        }
        catch (Exception e) when (ProcessGroup.Current.Size > 1)
        {
            // The others would wait for this process.
            ProcessGroup.Current.Abort(e);
            throw;
        }
    }
}
