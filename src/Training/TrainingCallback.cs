namespace Vision.Training;

/// <summary>
/// Code that runs during training: override what you need, to show progress, log values of your own, change the learning rate or stop.
/// All methods are called on the training thread, in the order of the callbacks.
/// </summary>
/// <remarks>
/// What a callback needs to remember after a resume goes into <see cref="TrainingRun.Memory"/>. A run that was killed repeats the steps
/// since its last checkpoint, and calls its callbacks for them again.
/// </remarks>
/// <example><code>
/// public sealed class Halve : TrainingCallback
/// {
///     public override void EpochEnded(TrainingRun run, EpochReport epoch)
///     {
///         if (epoch.Epoch == 5) run.RateFactor /= 2;
///     }
/// }
/// </code></example>
public abstract class TrainingCallback
{
    /// <summary>Called when training starts or resumes, after the checkpoint was read.</summary>
    public virtual void Started(TrainingRun run) { }

    /// <summary>Called after each step.</summary>
    public virtual void StepEnded(TrainingRun run, StepReport step) { }

    /// <summary>Called during an evaluation, after each image.</summary>
    /// <param name="run">The run.</param>
    /// <param name="done">The number of images evaluated.</param>
    /// <param name="total">The number of validation images.</param>
    public virtual void Evaluating(TrainingRun run, int done, int total) { }

    /// <summary>Called after each epoch and its evaluation, before the checkpoint is written.</summary>
    public virtual void EpochEnded(TrainingRun run, EpochReport epoch) { }

    /// <summary>Called when training ends or was canceled, after the last checkpoint; not if it failed.</summary>
    public virtual void Ended(TrainingRun run, TrainingResult result) { }
}
