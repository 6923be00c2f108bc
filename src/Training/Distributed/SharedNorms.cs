using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>The running statistics of batch norms that each saw a part of a step's images: their means over all images.</summary>
/// <param name="group">The processes.</param>
/// <param name="model">The model.</param>
internal sealed class SharedNorms(ProcessGroup group, nn.Module model)
{
    /// <summary>Replaces the statistics of the layers in training mode by their means over the processes.</summary>
    /// <param name="images">The number of images that this process saw in the step.</param>
    /// <param name="all">The number that all saw.</param>
    public void Average(int images, int all)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor[] statistics = [.. model.modules().OfType<BatchNorm>().Where(norm => norm.training && norm.track_running_stats)
            .SelectMany(norm => new[] { norm.running_mean!, norm.running_var!, norm.num_batches_tracked! })];
        if (statistics.Length == 0) return;
        Tensor flat = cat([.. statistics.Select(statistic => statistic.to(float64).reshape(-1))]).mul_(images);
        group.Sum(flat);
        flat.div_(all);
        long start = 0;
        foreach (Tensor statistic in statistics)
        {
            Tensor mean = flat.narrow(0, start, statistic.numel()).reshape(statistic.shape);
            statistic.copy_(statistic.is_floating_point() ? mean : mean.round());
            start += statistic.numel();
        }
    }
}
