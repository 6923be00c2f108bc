using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// Encodes boxes as deltas to anchors: the shift of the center in units of the anchor's size, and the logarithm of the size ratio
/// (Girshick et al. 2014, arXiv:1311.2524).
/// </summary>
internal sealed class BoxCoder
{
    /// <summary>The largest log size ratio that is decoded, a factor of 62.5, so that an untrained network does not overflow.</summary>
    internal static double MaxLogScale { get; } = Math.Log(1000.0 / 16);

    /// <summary>The point where the smooth L1 loss of deltas changes from quadratic to linear.</summary>
    internal const double SmoothL1Beta = 1.0 / 9;

    /// <summary>A coder that multiplies deltas by these weights, which scale them to about unit variance.</summary>
    /// <param name="centerWeight">The weight of the center shift.</param>
    /// <param name="sizeWeight">The weight of the log size ratio.</param>
    public BoxCoder(double centerWeight, double sizeWeight) => (CenterWeight, SizeWeight) = (centerWeight, sizeWeight);

    /// <summary>The coder of region proposals, without weights.</summary>
    public static BoxCoder ForProposals { get; } = new(1, 1);

    /// <summary>The coder of detections: weights 10 and 5, since proposals are already close to the boxes.</summary>
    public static BoxCoder ForDetections { get; } = new(10, 5);

    /// <summary>The weight of the center shift.</summary>
    public double CenterWeight { get; }

    /// <summary>The weight of the log size ratio.</summary>
    public double SizeWeight { get; }

    /// <summary>The deltas that transform each anchor into its box.</summary>
    /// <param name="boxes">[N, 4] xyxy.</param>
    /// <param name="anchors">[N, 4] xyxy.</param>
    /// <returns>[N, 4]: dx, dy, dw, dh.</returns>
    public Tensor Encode(Tensor boxes, Tensor anchors)
    {
        using var scope = NewDisposeScope();
        Tensor[] b = boxes.unbind(-1), a = anchors.unbind(-1);                          // x1, y1, x2, y2: [N]
        Tensor anchorWidth = a[2] - a[0], anchorHeight = a[3] - a[1];
        Tensor width = b[2] - b[0], height = b[3] - b[1];
        Tensor dx = CenterWeight * (b[0] + 0.5 * width - (a[0] + 0.5 * anchorWidth)) / anchorWidth;
        Tensor dy = CenterWeight * (b[1] + 0.5 * height - (a[1] + 0.5 * anchorHeight)) / anchorHeight;
        Tensor dw = SizeWeight * (width / anchorWidth).log();
        Tensor dh = SizeWeight * (height / anchorHeight).log();
        return stack([dx, dy, dw, dh], -1).MoveToOuterDisposeScope();
    }

    /// <summary>The boxes that result from applying deltas to anchors.</summary>
    /// <param name="deltas">[…, 4]: dx, dy, dw, dh.</param>
    /// <param name="anchors">xyxy, of a shape that broadcasts against <paramref name="deltas"/>.</param>
    /// <returns>[…, 4] xyxy; they may extend beyond the image.</returns>
    public Tensor Decode(Tensor deltas, Tensor anchors)
    {
        using var scope = NewDisposeScope();
        Tensor[] d = deltas.unbind(-1), a = anchors.unbind(-1);                         // […]
        Tensor anchorWidth = a[2] - a[0], anchorHeight = a[3] - a[1];
        Tensor x = d[0] / CenterWeight * anchorWidth + (a[0] + 0.5 * anchorWidth);
        Tensor y = d[1] / CenterWeight * anchorHeight + (a[1] + 0.5 * anchorHeight);
        Tensor halfWidth = 0.5 * ((d[2] / SizeWeight).clamp_max(MaxLogScale).exp() * anchorWidth);
        Tensor halfHeight = 0.5 * ((d[3] / SizeWeight).clamp_max(MaxLogScale).exp() * anchorHeight);
        return stack([x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight], -1).MoveToOuterDisposeScope();
    }
}
