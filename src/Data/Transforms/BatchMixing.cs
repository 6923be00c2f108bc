using static TorchSharp.torch;

namespace Vision.Data;

/// <summary>
/// Mixes each image of a batch with its neighbor, by mixup (Zhang et al. 2017, arXiv:1710.09412) or CutMix (Yun et al. 2019,
/// arXiv:1905.04899), and their labels in the same proportion, as torchvision's training recipes do. If both are enabled, one is drawn for
/// each batch.
/// </summary>
public sealed record BatchMixing
{
    /// <summary>Both parameters of the beta distribution from which mixup draws an image's share; 0 to disable mixup.
    /// ImageNet recipes use 0.2.</summary>
    public double MixupAlpha { get; init; }

    /// <summary>The same for CutMix, where the share is that of the area; 0 to disable CutMix. Recipes use 1, which makes all shares
    /// equally likely.</summary>
    public double CutMixAlpha { get; init; }

    /// <summary>Mixes a batch.</summary>
    /// <param name="images">[N, 3, H, W].</param>
    /// <param name="labels">int64 [N], starting at 0.</param>
    /// <param name="classes">The number of classes, C.</param>
    /// <param name="random">The only source of randomness.</param>
    /// <returns>New images [N, 3, H, W] and targets, float32 [N, C], whose rows sum to 1.</returns>
    public (Tensor Images, Tensor Targets) Apply(Tensor images, Tensor labels, int classes, Random random)
    {
        using var scope = NewDisposeScope();
        Tensor targets = nn.functional.one_hot(labels, classes).to(float32);
        Tensor neighbors = images.roll([1], [0]);
        (Tensor mixed, double share) = Draw(random) switch
        {
            Kind.Mixup => Mixup(images, neighbors, Beta.Sample(MixupAlpha, random)),
            Kind.CutMix => CutMix(images, neighbors, Beta.Sample(CutMixAlpha, random), random),
            _ => (images.clone(), 1.0),
        };
        Tensor shares = targets * share + targets.roll([1], [0]) * (1 - share);
        return (mixed.MoveToOuterDisposeScope(), shares.MoveToOuterDisposeScope());
    }

    private enum Kind { None, Mixup, CutMix }

    private Kind Draw(Random random) => (MixupAlpha > 0, CutMixAlpha > 0) switch
    {
        (true, true) => random.Next(2) == 0 ? Kind.Mixup : Kind.CutMix,
        (true, false) => Kind.Mixup,
        (false, true) => Kind.CutMix,
        _ => Kind.None,
    };

    private static (Tensor Mixed, double Share) Mixup(Tensor images, Tensor neighbors, double share) =>
        (images * share + neighbors * (1 - share), share);

    /// <summary>Replaces a box around a random point, clipped at the border, by the neighbor's pixels; the share is the remaining area of
    /// the image itself.</summary>
    private static (Tensor Mixed, double Share) CutMix(Tensor images, Tensor neighbors, double share, Random random)
    {
        int height = (int)images.shape[2], width = (int)images.shape[3];
        int x = random.Next(width), y = random.Next(height);
        double half = 0.5 * Math.Sqrt(1 - share);
        int halfWidth = (int)(half * width), halfHeight = (int)(half * height);
        int left = Math.Max(0, x - halfWidth), right = Math.Min(width, x + halfWidth);
        int top = Math.Max(0, y - halfHeight), bottom = Math.Min(height, y + halfHeight);

        Tensor mixed = images.clone();
        mixed.narrow(2, top, bottom - top).narrow(3, left, right - left)
            .copy_(neighbors.narrow(2, top, bottom - top).narrow(3, left, right - left));
        return (mixed, 1 - (double)(right - left) * (bottom - top) / (width * height));
    }
}
