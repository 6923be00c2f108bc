using static TorchSharp.torch;

namespace Vision.Ops.Gaussian;

/// <summary>
/// The exact sums over all pairs of points by plain tensor operators: the slow reference for testing <see cref="PermutohedralLattice"/>.
/// Its time is quadratic in the number of points.
/// </summary>
internal sealed class ExactGaussianFilter : IDisposable
{
    // Limits the size of the weight matrix that is computed at a time.
    private const long PairsPerStep = 1 << 22;

    private readonly Tensor features;
    private Tensor? factor;

    /// <inheritdoc cref="GaussianFilter(Tensor, bool)"/>
    public ExactGaussianFilter(Tensor features)
    {
        using var scope = NewDisposeScope();
        if (features.dim() != 2)
        {
            throw new ArgumentException(
                $"A Gaussian filter needs features [N, d], but they are [{string.Join(", ", features.shape)}].", nameof(features));
        }
        if (!features.isfinite().all().item<bool>())
            throw new ArgumentException("A Gaussian filter needs finite features, but one is not finite.", nameof(features));
        this.features = features.detach().to(float32, true).DetachFromDisposeScope();
    }

    /// <inheritdoc cref="GaussianFilter.Apply"/>
    public Tensor Apply(Tensor values)
    {
        using var scope = NewDisposeScope();
        long count = features.shape[0];
        if (values.dim() != 2 || values.shape[0] != count)
        {
            throw new ArgumentException(
                $"A Gaussian filter needs values [N, C] at the {count} points, but they are [{string.Join(", ", values.shape)}].",
                nameof(values));
        }
        Tensor source = values.to(float32);
        if (factor is not null) source = source * factor;
        List<Tensor> sums = [];
        long step = Math.Max(1, PairsPerStep / Math.Max(1, count));
        for (long first = 0; first < count; first += step) sums.Add(WeightsOf(first, Math.Min(first + step, count)).mm(source));
        Tensor result = sums.Count > 0 ? cat(sums) : zeros_like(source);                // [N, C]
        if (factor is not null) result = result * factor;
        return result.to(values.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Sets a factor [N, 1] that multiplies every point's values before and after filtering.</summary>
    public void Scale(Tensor factor) => this.factor = factor.clone().DetachFromDisposeScope();

    /// <inheritdoc/>
    public void Dispose()
    {
        features.Dispose();
        factor?.Dispose();
    }

    // One dimension at a time: squared differences avoid the cancellation of ‖a‖² − 2ab + ‖b‖².
    private Tensor WeightsOf(long first, long last)
    {
        using var scope = NewDisposeScope();
        Tensor distances = zeros(last - first, features.shape[0]);                      // [n, N], squared
        for (long axis = 0; axis < features.shape[1]; axis++)
        {
            using var step = NewDisposeScope();
            Tensor coordinates = features[.., axis];
            distances.add_((coordinates[(int)first..(int)last].unsqueeze(1) - coordinates).square());
        }
        return distances.mul_(-0.5).exp_().MoveToOuterDisposeScope();
    }
}
