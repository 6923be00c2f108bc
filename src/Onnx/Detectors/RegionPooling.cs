using Vision.Detection;
using Vision.Onnx.Building;

namespace Vision.Onnx.Detectors;

/// <summary><see cref="RegionPooler"/> for one image, in a graph.</summary>
internal static class RegionPooling
{
    /// <summary>The features of each region, [R, C, side, side].</summary>
    /// <param name="pooler">The parameters.</param>
    /// <param name="pyramid">[1, C, Hᵢ, Wᵢ], finest first; coarser levels than it pools from are ignored.</param>
    /// <param name="regions">[R, 4] xyxy, in pixels of the padded image.</param>
    public static OnnxValue Pool(RegionPooler pooler, IReadOnlyList<OnnxValue> pyramid, OnnxValue regions)
    {
        var (finest, coarsest) = pooler.Range;
        if (finest == coarsest) return Align(pooler, pyramid[0], regions, 0);
        OnnxValue levels = LevelOf(pooler, regions);
        OnnxValue[] rows = new OnnxValue[pooler.Levels], pooled = new OnnxValue[pooler.Levels];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = Selection.Where(regions.Builder.Op("Equal", levels, regions.Builder.Const((float)(finest + i))));
            pooled[i] = Align(pooler, pyramid[i], regions.Gather(rows[i]), i);
        }
        OnnxValue order = Selection.Ascending(regions.Builder.Concat(0, rows)).Indices;
        return regions.Builder.Concat(0, pooled).Gather(order);
    }

    /// <summary>The level that each region is pooled from, by its stride's logarithm: float32 [R].</summary>
    private static OnnxValue LevelOf(RegionPooler pooler, OnnxValue regions)
    {
        OnnxGraphBuilder builder = regions.Builder;
        OnnxValue sides = regions.Slice(1, 2, 4) - regions.Slice(1, 0, 2);                                      // [R, 2]
        OnnxValue area = (sides.Slice(1, 0, 1) * sides.Slice(1, 1, 2)).Squeeze(1);
        OnnxValue octaves = builder.Op("Log", builder.Op("Sqrt", area) / (float)RegionPooler.CanonicalSide) / MathF.Log(2);
        OnnxValue level = builder.Op("Floor", octaves + (float)RegionPooler.CanonicalLevel + (float)RegionPooler.Epsilon);
        return builder.Op("Clip", level, builder.Const((float)pooler.Range.Finest), builder.Const((float)pooler.Range.Coarsest));
    }

    private static OnnxValue Align(RegionPooler pooler, OnnxValue level, OnnxValue regions, int index)
    {
        OnnxGraphBuilder builder = regions.Builder;
        OnnxValue image = builder.Const([0L]).Expand(regions.Size(0));
        return builder.Op("RoiAlign", [level, regions, image],
            ("coordinate_transformation_mode", "output_half_pixel"), ("mode", "avg"), ("output_height", pooler.Side),
            ("output_width", pooler.Side), ("sampling_ratio", pooler.SamplingRatio), ("spatial_scale", 1f / pooler.Strides[index]));
    }
}
