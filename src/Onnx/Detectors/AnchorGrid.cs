using Vision.Detection;
using Vision.Onnx.Building;
using static TorchSharp.torch;

namespace Vision.Onnx.Detectors;

/// <summary>The places of a one-stage detector or a region proposal network: anchors, or cells.</summary>
/// <param name="Rows">A row for each, ordered by level: float32 [A, columns].</param>
/// <param name="PerLevel">How many belong to each level: int64 [1] each.</param>
internal sealed record AnchorGrid(OnnxValue Rows, IReadOnlyList<OnnxValue> PerLevel)
{
    /// <summary>Anchors on levels of any size: <see cref="AnchorGenerator"/> in a graph.</summary>
    /// <param name="anchors">The anchors.</param>
    /// <param name="levels">[1, C, Hᵢ, Wᵢ], finest first; only the shapes matter.</param>
    /// <param name="image">Height and width of the padded image, int64 [2].</param>
    public static AnchorGrid Of(AnchorGenerator anchors, IReadOnlyList<OnnxValue> levels, OnnxValue image)
    {
        OnnxValue[] boxes = [.. levels.Zip(anchors.HalvesPerLevel, (level, halves) => Level(level, halves, image))];
        return new(image.Builder.Concat(0, boxes), [.. boxes.Select(level => level.Size(0))]);
    }

    /// <summary>Places on levels whose sizes are known.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="rows">[A, columns]; it may be freed afterwards.</param>
    /// <param name="perLevel">How many belong to each level.</param>
    public static AnchorGrid Of(OnnxGraphBuilder builder, Tensor rows, IReadOnlyList<long> perLevel) =>
        new(builder.Const(rows.data<float>().ToArray(), rows.shape), [.. perLevel.Select(count => builder.Const([count]))]);

    /// <summary>The boxes [H·W·anchors, 4] of a level, by row and column.</summary>
    private static OnnxValue Level(OnnxValue level, IReadOnlyList<(float X, float Y)> halves, OnnxValue image)
    {
        OnnxGraphBuilder builder = level.Builder;
        OnnxValue strides = image / level.Sizes(2);
        OnnxValue y = Places(level.Size(2), strides.Slice(0, 0, 1)).Reshape(-1, 1, 1, 1) * builder.Const([0f, 1, 0, 1]);
        OnnxValue x = Places(level.Size(3), strides.Slice(0, 1, 2)).Reshape(1, -1, 1, 1) * builder.Const([1f, 0, 1, 0]);
        float[] corners = [.. halves.SelectMany(half => new[] { -half.X, -half.Y, half.X, half.Y })];
        return (y + x + builder.Const(corners, halves.Count, 4)).Reshape(-1, 4);
    }

    private static OnnxValue Places(OnnxValue count, OnnxValue stride) => (count.Builder.Range(count) * stride).Cast(DataType.Float);
}
