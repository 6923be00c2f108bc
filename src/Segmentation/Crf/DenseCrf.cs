using OpenCvSharp;
using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// A conditional random field over all pairs of an image's pixels (Krähenbühl &amp; Koltun 2011, arXiv:1210.5644), which draws the borders
/// of a segmentation to those of the image and removes specks. Near pixels, and pixels of similar color, that differ in class cost energy,
/// the same for any two classes (Potts); the marginals are those of the mean-field approximation.
/// </summary>
/// <remarks>
/// <para>Each iteration is Q ← softmax(logits + Σₘ wₘ K̃ₘ Q) with kernels K̃ = D^(−½) K D^(−½), D the sum of each row of K, as in the
/// authors' code. There as here a pixel's own opinion is in K Q, where the paper's equation leaves it out.</para>
/// <para>It mends coarse and noisy predictions. Of sharp ones it can wipe out what is thin: measure with and without.</para>
/// <para><see cref="GaussianFilter"/> says how K is computed: in time linear in the pixels, on the CPU.</para>
/// </remarks>
public sealed class DenseCrf
{
    // Of a class that is ruled out. Its cost, 6.9, is no more than what unanimous neighbors say by
    // default, 7, so that saturated networks can be corrected.
    private const double LeastProbability = 1e-3;

    private readonly DenseCrfOptions options;

    /// <summary>A field with these kernels.</summary>
    /// <exception cref="ArgumentException">A weight or the number of iterations is negative, or a deviation not positive.</exception>
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

    /// <summary>The marginals that follow from a network's logits.</summary>
    /// <param name="logits">[C, H, W], floating point: any logarithms of probabilities, up to a constant in each pixel.</param>
    /// <param name="image">RGB, 8 bits, H × W: the image itself, before any normalization.</param>
    /// <returns>Probabilities, float32 [C, H, W], that sum to 1 in each pixel; where the logits were. No gradient passes.</returns>
    /// <exception cref="ArgumentException">The logits are not [C, H, W] of the image's size, or the image is of another kind.</exception>
    public Tensor Refine(Tensor logits, Mat image)
    {
        if (logits.dim() != 3 || logits.shape[1] != image.Rows || logits.shape[2] != image.Cols)
            throw new ArgumentException(
                $"The logits are [{string.Join(", ", logits.shape)}] for an image of {image.Cols}×{image.Rows} pixels; expected [C, " +
                $"{image.Rows}, {image.Cols}].", nameof(logits));
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

    /// <summary>As <see cref="Refine"/>, from probabilities. One below 10⁻³, such as 0, counts as
    /// 10⁻³, which is sure but can be overruled.</summary>
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

    // Over the last axis. torch's own takes twice as long where this axis is as short as classes are.
    private static Tensor SoftmaxInPlace(Tensor logits)
    {
        using var scope = NewDisposeScope();
        logits.sub_(logits.amax(-1).unsqueeze(-1)).exp_();
        logits.div_(logits.sum(-1, true));
        return logits;
    }
}
