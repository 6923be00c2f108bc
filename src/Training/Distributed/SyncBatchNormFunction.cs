using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Batch norm in training mode over the images of all processes, with its gradient.</summary>
internal sealed class SyncBatchNormFunction : autograd.SingleTensorFunction<SyncBatchNormFunction>
{
    private const string GroupKey = "group", CountKey = "count";

    public override string Name => nameof(SyncBatchNormFunction);

    /// <summary>Normalizes, and updates the layer's running statistics.</summary>
    /// <param name="x">[N, C, …], this process's images.</param>
    /// <param name="norm">The layer.</param>
    /// <param name="group">The processes.</param>
    public static Tensor Normalize(Tensor x, BatchNorm norm, ProcessGroup group)
    {
        using var scope = NewDisposeScope();
        long channels = x.shape[1];
        Tensor weight = norm.weight ?? ones(channels), bias = norm.bias ?? zeros(channels);
        (Tensor mean, Tensor variance, double count) = Statistics(x.detach(), group);
        using (no_grad())
        {
            if (norm.track_running_stats)
            {
                norm.num_batches_tracked!.add_(1);
                double rate = norm.momentum ?? 1.0 / norm.num_batches_tracked!.item<long>();
                norm.running_mean!.mul_(1 - rate).add_(mean, rate);
                norm.running_var!.mul_(1 - rate).add_(variance, rate * count / Math.Max(1, count - 1));
            }
        }
        Tensor scale = (variance.to(float64) + norm.eps).rsqrt().to(float32);                  // [C], 1 / standard deviation
        return apply(x, weight, bias, mean, scale, group, count).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        (Tensor x, Tensor weight, Tensor bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        (Tensor mean, Tensor scale) = ((Tensor)vars[3], (Tensor)vars[4]);
        ctx.save_for_backward([x, weight, mean, scale]);
        ctx.save_data(GroupKey, vars[5]);
        ctx.save_data(CountKey, vars[6]);
        Tensor factor = weight * scale;
        return addcmul(Wide(bias - mean * factor, x), x, Wide(factor, x), 1).to(x.dtype).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        (Tensor x, Tensor weight, Tensor mean, Tensor scale) = (saved[0], saved[1], saved[2], saved[3]);
        long[] others = Others(x);
        Tensor gradient = grad_output.to(float32), normalized = (x.to(float32) - Wide(mean, x)) * Wide(scale, x);
        Tensor ofBias = gradient.sum(others), ofWeight = (gradient * normalized).sum(others);                 // [C]
        Tensor sums = cat([ofBias, ofWeight]).to(float64);
        ((ProcessGroup)ctx.get_data(GroupKey)).Sum(sums, Lane.Norms);
        Tensor[] means = (sums / (double)ctx.get_data(CountKey)).to(float32).chunk(2);
        Tensor ofX = (gradient - Wide(means[0], x) - normalized * Wide(means[1], x)) * Wide(weight * scale, x);
        return
        [
            ofX.to(x.dtype).MoveToOuterDisposeScope(), ofWeight.MoveToOuterDisposeScope(), ofBias.MoveToOuterDisposeScope(),
            null!, null!, null!, null!,
        ];
    }

    /// <summary>The mean and the variance over all images, and the number of values of a channel.</summary>
    private static (Tensor Mean, Tensor Variance, double Count) Statistics(Tensor x, ProcessGroup group)
    {
        using var noGrad = no_grad();
        long[] others = Others(x);
        double own = others.Aggregate(1.0, (count, dimension) => count * x.shape[dimension]);
        Tensor wide = x.to(float32);
        long channels = x.shape[1];
        Tensor sums = zeros(2 * channels + 1, float64);
        if (own > 0)
        {
            // In double precision, so that the square of a large mean does not drown a small variance.
            Tensor mean = wide.mean(others).to(float64), variance = wide.var(others, false).to(float64);
            sums = cat([mean * own, (variance + mean.square()) * own, full(1, own, float64)]);
        }
        group.Sum(sums, Lane.Norms);
        double all = sums[2 * channels].item<double>();
        Tensor allMean = sums.narrow(0, 0, channels) / all;
        Tensor allVariance = (sums.narrow(0, channels, channels) / all - allMean.square()).clamp_min(0);
        return (allMean.to(float32), allVariance.to(float32), all);
    }

    private static long[] Others(Tensor x) =>
        [.. Enumerable.Range(0, (int)x.dim()).Where(dimension => dimension != 1).Select(i => (long)i)];

    /// <summary>[C] as [1, C, 1, …].</summary>
    private static Tensor Wide(Tensor values, Tensor x)
    {
        long[] shape = [.. Enumerable.Repeat(1L, (int)x.dim())];
        shape[1] = -1;
        return values.reshape(shape);
    }
}
