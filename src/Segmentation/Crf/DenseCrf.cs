using OpenCvSharp;
using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// A conditional random field over all pairs of an image's pixels (Krähenbühl &amp; Koltun 2011, arXiv:1210.5644), which aligns the
/// borders of a segmentation with the image and removes specks. Nearby pixels, and pixels of similar color, with different classes add
/// energy, the same for any two classes (Potts); the marginals are computed by the mean-field approximation.
/// </summary>
/// <remarks>
/// <para>Each iteration is Q ← softmax(logits + Σₘ wₘ K̃ₘ Q) with kernels K̃ = D^(−½) K D^(−½), D the sum of each row of K, as in the
/// authors' code. Like there, K Q includes a pixel's own value, which the paper's equation omits.</para>
/// <para>It improves coarse and noisy predictions. In sharp ones it can remove thin structures: evaluate with and without it.</para>
/// <para><see cref="GaussianFilter"/> computes K Q, in time linear in the number of pixels, on the CPU.</para>
/// </remarks>
public sealed class DenseCrf
{
    // The probability of a class that is ruled out. Its cost, 6.9, is below the default weight of unanimous
    // neighbors, 7, so that saturated networks can be corrected.
    private const double LeastProbability = 1e-3;

    private readonly DenseCrfOptions options;

    /// <summary>A field with the given kernels.</summary>
    /// <exception cref="ArgumentException">A weight or the iterations are negative, or a standard deviation is not positive.</exception>
    public DenseCrf(DenseCrfOptions? options = null)
    {
        this.options = options ??= new();
        if (!(options.SmoothnessWeight >= 0 && options.AppearanceWeight >= 0 && options.Iterations >= 0))
            throw new ArgumentException(
                $"The weights are {options.SmoothnessWeight} and {options.AppearanceWeight}, the iterations {options.Iterations}; " +
                "expected none below 0.", nameof(options));
        if (!(options.SmoothnessSigma > 0 && options.AppearancePositionSigma > 0 && options.AppearanceColorSigma > 0))
            throw new ArgumentException(
                $"The standard deviations are {options.SmoothnessSigma}, {options.AppearancePositionSigma} and " +
                $"{options.AppearanceColorSigma}; expected all above 0.", nameof(options));
    }

    /// <summary>The marginals, computed from a network's logits.</summary>
    /// <param name="logits">[C, H, W], floating point: log-probabilities up to a constant in each pixel.</param>
    /// <param name="image">RGB, 8 bits, H × W: the image itself, before any normalization.</param>
    /// <returns>Probabilities, float32 [C, H, W], that sum to 1 in each pixel, on the device of the logits. No gradient flows.</returns>
    /// <exception cref="ArgumentException">The logits are not [C, H, W] of the image's size, or the image is not 8-bit RGB.</exception>
    public Tensor Refine(Tensor logits, Mat image)
    {
        if (logits.dim() != 3 || logits.shape[1] != image.Rows || logits.shape[2] != image.Cols)
            throw new ArgumentException(
                $"The logits are [{string.Join(", ", logits.shape)}] for an image of {image.Cols}×{image.Rows} pixels; " +
                $"expected [C, {image.Rows}, {image.Cols}].", nameof(logits));
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor unary = logits.to(float32).cpu().flatten(1).t().contiguous();            // [H·W, C]
        Tensor positions = Positions(image.Rows, image.Cols);
        using GaussianFilter? smoothness = options.SmoothnessWeight > 0 ? new(positions / options.SmoothnessSigma, normalized: true) : null;
        using GaussianFilter? appearance = options.AppearanceWeight > 0
            ? new(cat([positions / options.AppearancePositionSigma, Colors(image) / options.AppearanceColorSigma], 1), normalized: true)
            : null;

        Tensor marginals = SoftmaxInPlace(unary.clone());
        for (int iteration = 0; iteration < options.Iterations; iteration++)
        {
            Tensor next = unary.clone();
            AddMessages(next, marginals, smoothness, options.SmoothnessWeight);
            AddMessages(next, marginals, appearance, options.AppearanceWeight);
            marginals.Dispose();
            marginals = SoftmaxInPlace(next);
        }
        return marginals.t().reshape(logits.shape).contiguous().to(logits.device).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="Refine"/>, from probabilities. Values below 10⁻³, such as 0, are raised to
    /// 10⁻³, so that they can still be overruled.</summary>
    /// <param name="probabilities">[C, H, W], floating point, in [0, 1].</param>
    /// <param name="image">RGB, 8 bits, H × W.</param>
    /// <returns>Probabilities, float32 [C, H, W].</returns>
    /// <exception cref="ArgumentException">As for <see cref="Refine"/>.</exception>
    public Tensor RefineProbabilities(Tensor probabilities, Mat image)
    {
        using var noGradient = no_grad();
        using Tensor clamped = probabilities.clamp_min(LeastProbability);
        using Tensor logits = clamped.log();
        return Refine(logits, image);
    }

    // [H·W, 2] x, y in pixels.
    private static Tensor Positions(int height, int width)
    {
        Tensor[] axes = meshgrid([arange(height, float32), arange(width, float32)]);
        return stack([axes[1].flatten(), axes[0].flatten()], 1);
    }

    // [H·W, 3] in 0..255.
    private static Tensor Colors(Mat image) => ImageTensor.From(image).mul_(255).flatten(1).t();

    private static void AddMessages(Tensor energies, Tensor marginals, GaussianFilter? kernel, double weight)
    {
        if (kernel is null) return;
        using Tensor messages = kernel.Apply(marginals);
        energies.add_(messages, weight);
    }

    // Over the last axis. torch's own softmax takes twice as long if this axis is as short as the number of classes.
    private static Tensor SoftmaxInPlace(Tensor logits)
    {
        using var scope = NewDisposeScope();
        logits.sub_(logits.amax(-1).unsqueeze(-1)).exp_();
        logits.div_(logits.sum(-1, true));
        return logits;
    }
}
