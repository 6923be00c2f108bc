using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Gradients of several parameters in one tensor, which is summed over the processes as a whole.</summary>
internal sealed class GradientBucket : IDisposable
{
    private readonly Tensor flat;
    private readonly Slot[] slots;
    private TaskCompletionSource summed = new();
    private int missing;

    /// <summary>An empty bucket.</summary>
    /// <param name="parameters">Its parameters, in the order in which gradients are expected.</param>
    public GradientBucket(IReadOnlyList<Parameter> parameters)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        flat = zeros(parameters.Sum(parameter => parameter.numel()), dtype: float32).MoveToOuterDisposeScope().DetachFromDisposeScope();
        long start = 0;
        slots = new Slot[parameters.Count];
        for (int i = 0; i < slots.Length; i++)
        {
            Parameter parameter = parameters[i];
            Tensor view = flat.narrow(0, start, parameter.numel()).view(parameter.shape).DetachFromDisposeScope();
            slots[i] = new(parameter, view);
            start += parameter.numel();
        }
    }

    /// <summary>The gradients' places.</summary>
    public IReadOnlyList<Slot> Slots => slots;

    /// <summary>Whether all gradients are in it.</summary>
    public bool IsFull => missing == 0;

    /// <summary>Empties it for a step.</summary>
    public void Clear()
    {
        missing = slots.Length;
        summed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (Slot slot in slots) slot.IsFilled = slot.IsUsed = false;
    }

    /// <summary>Puts a gradient in, added to those of earlier batches of the step.</summary>
    /// <param name="slot">Its place.</param>
    /// <param name="gradient">The gradient of the batch; null if the parameter has none in it.</param>
    public void Fill(Slot slot, Tensor? gradient)
    {
        if (slot.IsFilled) return;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor? before = slot.Parameter.grad;
        if (gradient is null) slot.View.zero_();
        else slot.View.copy_(gradient);
        if (before is not null) slot.View.add_(before);
        slot.IsUsed = gradient is not null || before is not null;
        slot.IsFilled = true;
        missing--;
    }

    /// <summary>Sums it over the processes; called on the communication thread.</summary>
    public void Sum(ProcessGroup group)
    {
        try
        {
            group.Sum(flat, Lane.Gradients);
            summed.SetResult();
        }
        catch (Exception e)
        {
            summed.SetException(e);
        }
    }

    /// <summary>Waits for the sum.</summary>
    public void Wait() => summed.Task.GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Slot slot in slots) slot.View.Dispose();
        flat.Dispose();
    }

    /// <summary>The place of a parameter's gradient.</summary>
    /// <param name="Parameter">The parameter.</param>
    /// <param name="View">Its part of the bucket, in its shape.</param>
    internal sealed record Slot(Parameter Parameter, Tensor View)
    {
        /// <summary>Whether the step's gradient is in it.</summary>
        public bool IsFilled { get; set; }

        /// <summary>Whether the parameter has a gradient in this process.</summary>
        public bool IsUsed { get; set; }
    }
}
