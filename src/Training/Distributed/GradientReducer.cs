using System.Collections.Concurrent;
using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// Sums gradients over the processes while the backward pass still computes others (Li et al. 2020, arXiv:2006.15704): they are put into
/// buckets as they become ready, last layers first, and a thread of its own sums each full bucket. Buckets are summed in the same order
/// everywhere, whatever is ready first; parameters without a gradient count as 0.
/// </summary>
internal sealed class GradientReducer : IDisposable
{
    // As in torch's DDP: large enough for the network's full rate, small enough that the first one is full early.
    private const long BucketBytes = 25 << 20, FirstBucketBytes = 1 << 20;

    private readonly ProcessGroup group;
    private readonly nn.Module model;
    private readonly BlockingCollection<GradientBucket> full = [];
    private readonly Thread thread;
    private readonly List<GradientHook> hooks = [];
    private GradientBucket[] buckets = [];
    private IntPtr[] known = [];
    private bool isActive;
    private int given;

    /// <summary>Starts the communication thread.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="model">The model, on its device.</param>
    public GradientReducer(ProcessGroup group, nn.Module model)
    {
        this.group = group;
        this.model = model;
        thread = new(() =>
        {
            foreach (GradientBucket bucket in full.GetConsumingEnumerable()) bucket.Sum(group);
        }) { IsBackground = true, Name = "Vision gradients" };
        thread.Start();
    }

    /// <summary>The number of buckets.</summary>
    public int Count => buckets.Length;

    /// <summary>Of these, how many the last backward pass filled before it ended.</summary>
    public int CountDuringBackward { get; private set; }

    /// <summary>Announces that the next backward pass is the last of the step, so that its gradients go into the buckets.</summary>
    public void Begin()
    {
        Arrange();
        foreach (GradientBucket bucket in buckets) bucket.Clear();
        given = 0;
        isActive = true;
    }

    /// <summary>Replaces the gradients of all parameters by the sums over the processes. Parameters that have one nowhere stay
    /// without.</summary>
    public void Finish()
    {
        if (!isActive) Begin();                              // the step's last batch had no image anywhere
        isActive = false;
        foreach (GradientHook hook in hooks) hook.ThrowIfFailed();
        CountDuringBackward = given;
        foreach (GradientBucket bucket in buckets)
            foreach (GradientBucket.Slot slot in bucket.Slots) bucket.Fill(slot, null);
        GiveFull();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        GradientBucket.Slot[] slots = [.. buckets.SelectMany(bucket => bucket.Slots)];
        Tensor used = tensor(slots.Select(slot => slot.IsUsed ? 1f : 0f).ToArray());
        group.Sum(used);
        float[] uses = used.data<float>().ToArray();
        using (group.Waiting("the sums of gradients"))
            foreach (GradientBucket bucket in buckets) bucket.Wait();
        for (int i = 0; i < slots.Length; i++)
        {
            if (uses[i] == 0) continue;
            Parameter parameter = slots[i].Parameter;
            if (parameter.grad is null) parameter.grad = zeros_like(parameter).DetachFromDisposeScope();
            parameter.grad!.copy_(slots[i].View);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        full.CompleteAdding();
        thread.Join();
        full.Dispose();
        Clear();
    }

    /// <summary>Makes the buckets, again if layers were frozen or thawed since.</summary>
    private void Arrange()
    {
        Parameter[] trained = [.. model.parameters().Where(parameter => parameter.requires_grad).Reverse()];
        if (known.SequenceEqual(trained.Select(parameter => parameter.Handle))) return;
        Clear();
        known = [.. trained.Select(parameter => parameter.Handle)];
        List<GradientBucket> made = [];
        List<Parameter> some = [];
        long bytes = 0;
        foreach (Parameter parameter in trained)
        {
            some.Add(parameter);
            bytes += parameter.numel() * sizeof(float);
            if (bytes < (made.Count == 0 ? FirstBucketBytes : BucketBytes)) continue;
            made.Add(new(some));
            (some, bytes) = ([], 0);
        }
        if (some.Count > 0) made.Add(new(some));
        buckets = [.. made];
        // Without hooks, everything is summed after the backward pass.
        if (!GradientHook.IsSupported) return;
        foreach (GradientBucket bucket in buckets)
            foreach (GradientBucket.Slot slot in bucket.Slots)
                hooks.Add(new(slot.Parameter, gradient => Collect(bucket, slot, gradient)));
    }

    private void Collect(GradientBucket bucket, GradientBucket.Slot slot, Tensor gradient)
    {
        // A branch that was not used may hand down nothing.
        if (!isActive || gradient.numel() != slot.Parameter.numel()) return;
        bucket.Fill(slot, gradient);
        GiveFull();
    }

    /// <summary>Gives full buckets to the communication thread, in their order.</summary>
    private void GiveFull()
    {
        for (; given < buckets.Length && buckets[given].IsFull; given++) full.Add(buckets[given]);
    }

    private void Clear()
    {
        foreach (GradientHook hook in hooks) hook.Dispose();
        hooks.Clear();
        foreach (GradientBucket bucket in buckets) bucket.Dispose();
        buckets = [];
    }
}
