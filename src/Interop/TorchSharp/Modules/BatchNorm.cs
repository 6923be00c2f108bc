using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalisation by the statistics of the batch in training, and by the running ones in evaluation (Ioffe &amp; Szegedy 2015, arXiv:1502.03167).</summary>
public abstract class BatchNorm : NormBase
{
    private protected BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
    { }

    private protected abstract void CheckDimensions(Tensor input);

    public override Tensor forward(Tensor input)
    {
        CheckDimensions(input);
        bool byBatch = training || running_mean is null;
        // Without tracking, a training step neither reads nor changes what statistics there are.
        bool withRunning = !training || track_running_stats;
        return nn.functional.batch_norm(input, withRunning ? running_mean : null, withRunning ? running_var : null,
            weight, bias, byBatch, CountBatch(), eps);
    }

    /// <summary>Counts a training batch, and gives its weight in the running statistics.</summary>
    private double CountBatch()
    {
        if (training && num_batches_tracked is { } count)
        {
            count.add_(1);
            return momentum ?? 1.0 / count.item<long>();
        }
        return momentum ?? 0;
    }
}
