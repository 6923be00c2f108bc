using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Selects the proposals of a region proposal network: takes the highest scores of each level, decodes and clips
/// their boxes, and suppresses duplicates per level.</summary>
internal sealed class ProposalFilter
{
    /// <summary>The minimum side of a proposal, in pixels: a smaller box is outside the image.</summary>
    public const double MinSide = 1e-3;

    private ProposalFilter(RpnOptions options, int topPerLevel, int proposals)
    {
        TopPerLevel = topPerLevel;
        Proposals = proposals;
        NmsThreshold = options.NmsThreshold;
        ScoreThreshold = options.ScoreThreshold;
    }

    /// <summary>Anchors kept per level, by objectness, before suppression.</summary>
    public int TopPerLevel { get; }

    /// <summary>Proposals kept per image.</summary>
    public int Proposals { get; }

    /// <summary>The IoU above which a proposal suppresses another of its level.</summary>
    public double NmsThreshold { get; }

    /// <summary>The minimum objectness of a proposal, in [0, 1].</summary>
    public double ScoreThreshold { get; }

    /// <summary>The filter of prediction.</summary>
    public static ProposalFilter ForPrediction(RpnOptions options) => new(options, options.PredictTopPerLevel, options.PredictProposals);

    /// <summary>The filter of training.</summary>
    public static ProposalFilter ForTraining(RpnOptions options) => new(options, options.TrainTopPerLevel, options.TrainProposals);

    /// <summary>The proposals of each image, [Rᵢ, 4] xyxy, highest score first. No gradient flows through them.</summary>
    /// <param name="output">The output of the network.</param>
    /// <param name="sizes">The size of each image, without padding.</param>
    public Tensor[] Keep(RpnOutput output, IReadOnlyList<ImageSize> sizes)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        (Tensor rows, Tensor levels) = Surest(output);                                                          // [N, K], [K]
        Tensor scores = output.Objectness.gather(1, rows).sigmoid();                                            // [N, K]
        Tensor limits = BoxMath.Limits(sizes, rows.device);                                                     // [N, 4]

        var kept = new Tensor[sizes.Count];
        for (int i = 0; i < kept.Length; i++)
        {
            Tensor anchors = output.Anchors.Boxes.index_select(0, rows[i]);                                     // [K, 4]
            Tensor boxes = BoxCoder.ForProposals.Decode(output.Deltas[i].index_select(0, rows[i]), anchors);
            boxes = BoxMath.Clip(boxes, limits[i]);
            Tensor valid = BoxMath.AtLeast(boxes, MinSide).logical_and(scores[i].ge(ScoreThreshold)).nonzero().squeeze(1);
            boxes = boxes.index_select(0, valid);
            Tensor best = Nms.KeepPerClass(boxes, scores[i].index_select(0, valid), levels.index_select(0, valid), NmsThreshold);
            best = best.narrow(0, 0, Math.Min(best.shape[0], Proposals));
            kept[i] = boxes.index_select(0, best).MoveToOuterDisposeScope();
        }
        return kept;
    }

    /// <summary>The anchors of each level with the highest objectness: their rows in each image, [N, K], and their level, [K].</summary>
    private (Tensor Rows, Tensor Levels) Surest(RpnOutput output)
    {
        long[] perLevel = output.Anchors.PerLevel;
        var rows = new Tensor[perLevel.Length];
        var levels = new Tensor[perLevel.Length];
        long start = 0;
        for (int i = 0; i < perLevel.Length; i++)
        {
            int count = (int)Math.Min(TopPerLevel, perLevel[i]);
            rows[i] = output.Objectness.narrow(1, start, perLevel[i]).topk(count, 1).indexes + start;
            levels[i] = full(count, i, int64, output.Objectness.device);
            start += perLevel[i];
        }
        return (cat(rows, 1), cat(levels));
    }
}
