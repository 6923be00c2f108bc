using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Stores a step that fails: its batches, the weights before it, the seeds and the options.</summary>
/// <typeparam name="TBatch">A batch of the task.</typeparam>
internal sealed class FailureRecorder<TBatch> : IDisposable where TBatch : IDisposable
{
    private readonly IRecordedTask<TBatch> task;
    private readonly TrainerOptions options;
    private readonly TrainerState state;
    private readonly RunFolder files;
    // A forward pass changes batch norms' statistics, and a failed one spoils them.
    private readonly (string Name, Tensor Current, Tensor Before)[] buffers;

    /// <summary>Prepares for a run.</summary>
    /// <param name="task">The model and its losses.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="state">The state of the run.</param>
    /// <param name="files">Its files.</param>
    public FailureRecorder(IRecordedTask<TBatch> task, TrainerOptions options, TrainerState state, RunFolder files)
    {
        (this.task, this.options, this.state, this.files) = (task, options, state, files);
        using var noGrad = no_grad();
        buffers = [.. task.Model.named_buffers()
            .Select(entry => (entry.name, entry.buffer, entry.buffer.clone().DetachFromDisposeScope()))];
    }

    /// <summary>Called before each step: what it changes even if it fails is remembered.</summary>
    public void Begin()
    {
        using var scope = NewDisposeScope();               // copy_ returns a handle
        using var noGrad = no_grad();
        foreach (var (_, current, before) in buffers) before.copy_(current);
    }

    /// <summary>Does a part of a step; if that fails, stores the step.</summary>
    /// <param name="step">The number of steps done before.</param>
    /// <param name="last">The index of the last batch of the step so far.</param>
    /// <param name="part">The part.</param>
    /// <exception cref="InputException">A loss or a gradient is not finite, or memory was not enough; the message names the
    /// folder.</exception>
    public void Watch(int step, int last, Action part)
    {
        try
        {
            part();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // What went wrong matters more than that it could not be stored.
            string folder;
            try
            {
                folder = Write(e, step, last);
            }
            catch (Exception unwritten) when (unwritten is not OperationCanceledException)
            {
                if (Explained(e, step) is { } known)
                    throw new InputException($"{known} The step could not be stored: {unwritten.Message}", e);
                throw;
            }
            FailureCapsule.Note(e, folder);
            if (Explained(e, step) is not { } message) throw;
            InputException explained = new($"{message} {folder} holds the step, to be repeated.", e);
            FailureCapsule.Note(explained, folder);
            throw explained;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, _, before) in buffers) before.Dispose();
    }

    /// <summary>A message for what is not a bug; null for others.</summary>
    private string? Explained(Exception e, int step) => e is InputException ? e.Message
        : FailureCapsule.IsOutOfMemory(e) ? $"Memory was not enough at step {step + 1} (epoch {state.Epoch + 1}): take smaller batches, " +
            "whose gradients can be accumulated, or smaller images."
        : null;

    private string Write(Exception failure, int step, int last)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> weights = task.Model.state_dict();
        foreach (var (name, _, before) in buffers)
            if (weights.ContainsKey(name)) weights[name] = before;

        Dictionary<string, Tensor> tensors = [];
        List<CapsuleBatch> batches = [];
        // Batches depend only on their index: they are loaded again rather than kept in every step.
        foreach (TBatch batch in task.Batches(state.Epoch, state.BatchInEpoch))
        {
            using (batch)
            {
                BatchInfo info = task.Describe(batch);
                if (info.Index > last) break;
                foreach (var (name, tensor) in task.TensorsOf(batch)) tensors[$"{batches.Count}.{name}"] = tensor.cpu().clone();
                int first = batches.Count == 0 ? info.Files.Count : batches[0].Files.Count;
                double share = options.Accumulate == 1 ? 1 : (double)info.Files.Count / (options.Accumulate * first);
                batches.Add(new(info.Index, Seeds.Mix(options.Seed, state.Epoch * task.StepsPerEpoch + info.Index),
                    share * (state.LossScale?.Value ?? 1), info.Files) { Objects = task.ObjectsOf(batch) });
                if (info.Index == last) break;
            }
        }
        CapsuleContent content = new()
        {
            Format = CapsuleContent.Current,
            Error = failure is InputException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}",
            Epoch = state.Epoch + 1,
            Step = step + 1,
            Kind = task.Kind,
            Machine = CapsuleMachine.Of(task.Model.parameters().First().device),
            Precision = options.Precision,
            Loss = task.LossText,
            LabelSmoothing = task.LabelSmoothing,
            Frozen = [.. task.Model.named_parameters().Where(entry => !entry.parameter.requires_grad).Select(entry => entry.name)],
            Evaluating = [.. task.Model.named_modules().Where(entry => !entry.module.training).Select(entry => entry.name)],
            Batches = batches,
            Options = options with { Folder = "" },
            Settings = task.Settings,
        };
        return FailureCapsule.Write(files, content, tensors, weights, task.Description);
    }
}
