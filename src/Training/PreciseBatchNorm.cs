using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// Recomputes the statistics of batch norms from several batches with the current weights (Wu and Johnson 2021, arXiv:2105.07576), to
/// replace running means over weights that have since changed.
/// </summary>
internal static class PreciseBatchNorm
{
    /// <summary>
    /// Recomputes the statistics of all layers in training mode: the mean over the batches, and the variance within and between them.
    /// </summary>
    /// <param name="model">The model; frozen layers are in evaluation mode and are not changed.</param>
    /// <param name="passes">Each action runs a batch through the model. If one fails, the statistics are restored.</param>
    /// <param name="group">The processes, each with its part of the batches.</param>
    public static void Recompute(nn.Module model, IEnumerable<Action> passes, ProcessGroup group)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Layer[] layers = [.. model.modules().OfType<BatchNorm>().Where(norm => norm.training && norm.track_running_stats)
            .Select(norm => new Layer(norm))];
        try
        {
            foreach (Action pass in passes)
            {
                using var passScope = NewDisposeScope();
                foreach (Layer layer in layers) layer.Clear();
                pass();
                foreach (Layer layer in layers) layer.Add();
            }
        }
        catch
        {
            foreach (Layer layer in layers) layer.PutBack();
            throw;
        }
        foreach (Layer layer in layers) layer.Write(group);
    }

    /// <summary>The statistics of a layer, and their sums over the batches.</summary>
    private sealed class Layer(BatchNorm norm)
    {
        private readonly Tensor mean = norm.running_mean!, variance = norm.running_var!, uses = norm.num_batches_tracked!;
        private readonly Tensor meanBefore = norm.running_mean!.clone(), varianceBefore = norm.running_var!.clone();
        private readonly Tensor usesBefore = norm.num_batches_tracked!.clone();
        private readonly Tensor means = zeros_like(norm.running_mean!, float64), squares = zeros_like(norm.running_var!, float64);
        private readonly Tensor batches = zeros(1, float64);

        public void Clear()
        {
            foreach (Tensor statistic in (Tensor[])[mean, variance, uses]) statistic.zero_();
        }

        public void Add()
        {
            double times = uses.to(float64).item<double>();
            if (times == 0) return;
            // Running means that started at 0 contain this fraction of the inputs' mean. Pyramid levels may share a layer, which then runs
            // several times.
            double part = norm.momentum is > 0 and var momentum ? 1 - Math.Pow(1 - momentum, times) : 1;
            Tensor own = mean.to(float64) / part;
            means.add_(own);
            squares.add_(variance.to(float64) / part + own.square());
            batches.add_(1);
        }

        public void Write(ProcessGroup group)
        {
            PutBack();
            foreach (Tensor sum in (Tensor[])[batches, means, squares]) group.Sum(sum);
            double count = batches.item<double>();
            if (count == 0) return;
            Tensor all = means / count;
            mean.copy_(all);
            variance.copy_(squares / count - all.square());
        }

        public void PutBack()
        {
            mean.copy_(meanBefore);
            variance.copy_(varianceBefore);
            uses.copy_(usesBefore);
        }
    }
}
