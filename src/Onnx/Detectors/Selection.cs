using Vision.Onnx.Building;

namespace Vision.Onnx.Detectors;

/// <summary>The choice of rows by their values.</summary>
internal static class Selection
{
    /// <summary>The highest values along the last dimension, highest first; of equal ones, those with the lower index.</summary>
    /// <param name="values">[…, N].</param>
    /// <param name="count">How many, if there are as many.</param>
    public static (OnnxValue Values, OnnxValue Indices) Highest(OnnxValue values, long count)
    {
        OnnxGraphBuilder builder = values.Builder;
        OnnxValue[] top = builder.Ops("TopK", 2,
            [values, builder.Op("Min", values.Sizes(-1), builder.Const([count]))], ("axis", -1));
        return (top[0], top[1]);
    }

    /// <summary>What sorts numbers in ascending order, int64 [N].</summary>
    /// <param name="values">[N].</param>
    public static (OnnxValue Values, OnnxValue Indices) Ascending(OnnxValue values)
    {
        OnnxValue[] all = values.Builder.Ops("TopK", 2, [values, values.Shape()], ("axis", 0), ("largest", 0));
        return (all[0], all[1]);
    }

    /// <summary>The indices at which a condition holds, int64 [K].</summary>
    /// <param name="condition">bool [N].</param>
    public static OnnxValue Where(OnnxValue condition) => condition.Builder.Op("NonZero", condition).Squeeze(0);
}
