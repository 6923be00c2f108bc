using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// RoIAlign over a pyramid: each region is pooled from the level that fits its size
/// (Lin et al. 2017, arXiv:1612.03144, equation 1; He et al. 2017, arXiv:1703.06870).
/// </summary>
public sealed class RegionPooler
{
    /// <summary>The side of a region, in pixels, that belongs to <see cref="CanonicalLevel"/>: ImageNet's image size.</summary>
    internal const double CanonicalSide = 224;

    /// <summary>The level P4, of stride 16.</summary>
    internal const int CanonicalLevel = 4;

    /// <summary>Makes level boundaries robust against rounding, as in torchvision.</summary>
    internal const double Epsilon = 1e-6;

    private readonly int[] strides;
    private readonly int finestLevel;
    private readonly int coarsestLevel;
    private readonly int side;
    private readonly int samplingRatio;

    /// <summary>A pooler to <paramref name="side"/>×<paramref name="side"/>.</summary>
    /// <param name="strides">The strides of the levels, each twice the previous one; of levels with the same stride, as in a
    /// MobileNet, only the first is used, as in torchvision.</param>
    /// <param name="side">Height and width of a pooled region.</param>
    /// <param name="samplingRatio">Samples per bin and direction.</param>
    public RegionPooler(IReadOnlyList<int> strides, int side, int samplingRatio)
    {
        this.strides = [.. strides];
        finestLevel = (int)Math.Log2(strides[0]);
        coarsestLevel = (int)Math.Log2(strides[^1]);
        this.side = side;
        this.samplingRatio = samplingRatio;
    }

    /// <summary>Height and width of a pooled region.</summary>
    public int Side => side;

    /// <summary>The number of levels that it pools from.</summary>
    public int Levels => strides.Length;

    /// <summary>The strides of the levels.</summary>
    internal IReadOnlyList<int> Strides => strides;

    /// <summary>The base-2 logarithms of the finest and the coarsest stride.</summary>
    internal (int Finest, int Coarsest) Range => (finestLevel, coarsestLevel);

    /// <summary>Samples per bin and direction.</summary>
    internal int SamplingRatio => samplingRatio;

    /// <summary>The features of each region, [R, C, side, side], ordered by image.</summary>
    /// <param name="pyramid">[N, C, Hᵢ, Wᵢ], finest first; coarser levels than it pools from are ignored.</param>
    /// <param name="regions">The regions of each image, [Rᵢ, 4] xyxy in pixels of the padded image.</param>
    public Tensor Pool(IReadOnlyList<Tensor> pyramid, IReadOnlyList<Tensor> regions)
    {
        using var scope = NewDisposeScope();
        Tensor rois = ToRois(regions);                                                          // [R, 5]
        if (finestLevel == coarsestLevel)
            return RoiAlign.Pool(Autocast.Widen(pyramid[0]), rois, side, side, 1.0 / strides[0], samplingRatio).MoveToOuterDisposeScope();
        Tensor levels = LevelOf(rois.narrow(1, 1, 4));                                          // [R]
        var rows = new Tensor[Levels];
        var pooled = new Tensor[Levels];
        for (int i = 0; i < Levels; i++)
        {
            rows[i] = levels.eq(i).nonzero().squeeze(1);
            pooled[i] = RoiAlign.Pool(
                Autocast.Widen(pyramid[i]), rois.index_select(0, rows[i]), side, side, 1.0 / strides[i], samplingRatio);
        }
        return cat(pooled).index_select(0, cat(rows).argsort()).MoveToOuterDisposeScope();     // restores the regions' order
    }

    /// <summary>The level that each box is pooled from, as an index into the pyramid: int64 [R].</summary>
    /// <param name="boxes">[R, 4] xyxy.</param>
    public Tensor LevelOf(Tensor boxes)
    {
        using var scope = NewDisposeScope();
        Tensor level = (CanonicalLevel + (BoxMath.Area(boxes).sqrt() / CanonicalSide).log2() + Epsilon).floor();
        return (level.clamp(finestLevel, coarsestLevel).to(int64) - finestLevel).MoveToOuterDisposeScope();
    }

    private static Tensor ToRois(IReadOnlyList<Tensor> regions) =>
        cat([.. regions.Select((boxes, i) => cat([full(boxes.shape[0], 1, i, boxes.dtype, boxes.device), boxes], 1))]);
}
