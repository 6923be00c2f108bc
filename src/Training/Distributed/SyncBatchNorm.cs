using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// Makes the batch norms of a model take their statistics over all processes, until it is disposed: forward and backward equal those of one
/// process with the whole batch, up to rounding (Ioffe and Szegedy 2015, arXiv:1502.03167). Layers in evaluation mode are not changed.
/// </summary>
internal sealed class SyncBatchNorm : IDisposable
{
    private readonly ProcessGroup group;
    private readonly List<Action> removals = [];
    private readonly Dictionary<BatchNorm, Tensor> inputs = [];
    private int pauses;

    /// <summary>Takes over the layers.</summary>
    /// <param name="group">The processes, all of which must run the same layers in the same order.</param>
    /// <param name="model">The model.</param>
    public SyncBatchNorm(ProcessGroup group, nn.Module model)
    {
        this.group = group;
        foreach (BatchNorm norm in model.modules().OfType<BatchNorm>())
        {
            removals.Add(norm.register_forward_pre_hook((_, x) => Before(norm, x)).remove);
            removals.Add(norm.register_forward_hook((_, _, y) => After(norm, y)).remove);
        }
    }

    /// <summary>Until disposed, each process normalizes its own images.</summary>
    public IDisposable Pause()
    {
        pauses++;
        return new Resume(this);
    }

    /// <summary>Gives the layers back.</summary>
    public void Dispose()
    {
        foreach (Action remove in removals) remove();
    }

    // TorchSharp's layer cannot be replaced: its forward runs in evaluation mode on one pixel, and its result is thrown away.
    private Tensor Before(BatchNorm norm, Tensor x)
    {
        if (pauses > 0 || !norm.training) return x;
        inputs[norm] = x;
        norm.eval();
        Tensor pixel = x.detach();
        for (int dimension = 0; dimension < x.dim(); dimension++)
            if (dimension != 1) pixel = pixel.narrow(dimension, 0, Math.Min(1, pixel.shape[dimension]));
        return pixel;
    }

    private Tensor After(BatchNorm norm, Tensor y)
    {
        if (!inputs.Remove(norm, out Tensor? x)) return y;
        norm.train();
        return SyncBatchNormFunction.Normalize(x, norm, group);
    }

    private sealed class Resume(SyncBatchNorm norms) : IDisposable
    {
        public void Dispose() => norms.pauses--;
    }
}
