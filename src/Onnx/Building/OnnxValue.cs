namespace Vision.Onnx.Building;

/// <summary>
/// A value of a graph that is being built. The operators of C# add ONNX's, with numpy's broadcasting. A number next to a value must have
/// its type: <c>x * 2f</c> for float32, <c>x * 2L</c> for int64.
/// </summary>
internal sealed class OnnxValue
{
    internal OnnxValue(OnnxGraphBuilder builder, string name)
    {
        Builder = builder;
        Name = name;
    }

    /// <summary>Its name in the graph.</summary>
    public string Name { get; }

    /// <summary>The graph.</summary>
    public OnnxGraphBuilder Builder { get; }

    public static OnnxValue operator +(OnnxValue a, OnnxValue b) => a.Builder.Op("Add", a, b);
    public static OnnxValue operator +(OnnxValue a, float b) => a + a.Builder.Const(b);
    public static OnnxValue operator +(OnnxValue a, long b) => a + a.Builder.Const(b);

    public static OnnxValue operator -(OnnxValue a, OnnxValue b) => a.Builder.Op("Sub", a, b);
    public static OnnxValue operator -(OnnxValue a, float b) => a - a.Builder.Const(b);
    public static OnnxValue operator -(OnnxValue a, long b) => a - a.Builder.Const(b);
    public static OnnxValue operator -(float a, OnnxValue b) => b.Builder.Const(a) - b;
    public static OnnxValue operator -(long a, OnnxValue b) => b.Builder.Const(a) - b;
    public static OnnxValue operator -(OnnxValue a) => a.Builder.Op("Neg", a);

    public static OnnxValue operator *(OnnxValue a, OnnxValue b) => a.Builder.Op("Mul", a, b);
    public static OnnxValue operator *(OnnxValue a, float b) => a * a.Builder.Const(b);
    public static OnnxValue operator *(OnnxValue a, long b) => a * a.Builder.Const(b);

    /// <summary>Integers are divided toward zero.</summary>
    public static OnnxValue operator /(OnnxValue a, OnnxValue b) => a.Builder.Op("Div", a, b);
    public static OnnxValue operator /(OnnxValue a, float b) => a / a.Builder.Const(b);
    public static OnnxValue operator /(OnnxValue a, long b) => a / a.Builder.Const(b);
    public static OnnxValue operator /(float a, OnnxValue b) => b.Builder.Const(a) / b;

    public static OnnxValue operator <(OnnxValue a, OnnxValue b) => a.Builder.Op("Less", a, b);
    public static OnnxValue operator >(OnnxValue a, OnnxValue b) => a.Builder.Op("Greater", a, b);
    public static OnnxValue operator <(OnnxValue a, float b) => a < a.Builder.Const(b);
    public static OnnxValue operator >(OnnxValue a, float b) => a > a.Builder.Const(b);
    public static OnnxValue operator <=(OnnxValue a, float b) => a <= a.Builder.Const(b);
    public static OnnxValue operator >=(OnnxValue a, float b) => a >= a.Builder.Const(b);
    public static OnnxValue operator <(OnnxValue a, long b) => a < a.Builder.Const(b);
    public static OnnxValue operator >(OnnxValue a, long b) => a > a.Builder.Const(b);
    public static OnnxValue operator <=(OnnxValue a, OnnxValue b) => a.Builder.Op("LessOrEqual", a, b);
    public static OnnxValue operator >=(OnnxValue a, OnnxValue b) => a.Builder.Op("GreaterOrEqual", a, b);
    public static OnnxValue operator &(OnnxValue a, OnnxValue b) => a.Builder.Op("And", a, b);
    public static OnnxValue operator |(OnnxValue a, OnnxValue b) => a.Builder.Op("Or", a, b);
    public static OnnxValue operator !(OnnxValue a) => a.Builder.Op("Not", a);

    /// <summary>The shape, int64 [rank].</summary>
    public OnnxValue Shape() => Builder.Op("Shape", this);

    /// <summary>The sizes of some dimensions, int64 [count]: <c>Sizes(-2)</c> is [H, W].</summary>
    /// <param name="first">The first one; negative from the end.</param>
    /// <param name="end">That after the last one; null for the end.</param>
    public OnnxValue Sizes(long first, long? end = null) => end is null
        ? Builder.Op("Shape", [this], ("start", first)) : Builder.Op("Shape", [this], ("start", first), ("end", end));

    /// <summary>The size of one dimension, int64 [1].</summary>
    /// <param name="axis">0 or more.</param>
    public OnnxValue Size(long axis) => Sizes(axis, axis + 1);

    /// <summary>The values as another type.</summary>
    public OnnxValue Cast(DataType type) => Builder.Op("Cast", [this], ("to", (long)type));

    /// <summary>The values in another shape: 0 keeps a dimension, −1 is what is left.</summary>
    public OnnxValue Reshape(params long[] shape) => Reshape(Builder.Const(shape));

    /// <summary>The values in another shape.</summary>
    /// <param name="shape">int64 [rank].</param>
    public OnnxValue Reshape(OnnxValue shape) => Builder.Op("Reshape", this, shape);

    /// <summary>Permuted dimensions.</summary>
    public OnnxValue Transpose(params long[] order) => Builder.Op("Transpose", [this], ("perm", order));

    /// <summary>With new dimensions of size 1.</summary>
    public OnnxValue Unsqueeze(params long[] axes) => Builder.Op("Unsqueeze", this, Builder.Const(axes));

    /// <summary>Without dimensions of size 1.</summary>
    public OnnxValue Squeeze(params long[] axes) => Builder.Op("Squeeze", this, Builder.Const(axes));

    /// <summary>A part along one dimension.</summary>
    /// <param name="axis">The dimension.</param>
    /// <param name="start">The first index; negative from the end.</param>
    /// <param name="end">The index after the last one; what is beyond the end is the end.</param>
    /// <param name="step">Every how many.</param>
    public OnnxValue Slice(long axis, long start, long end, long step = 1) =>
        Builder.Op("Slice", this, Builder.Const([start]), Builder.Const([end]), Builder.Const([axis]), Builder.Const([step]));

    /// <summary>A part along several dimensions.</summary>
    /// <param name="axes">The dimensions.</param>
    /// <param name="starts">int64 [axes].</param>
    /// <param name="ends">int64 [axes].</param>
    public OnnxValue Slice(long[] axes, OnnxValue starts, OnnxValue ends) =>
        Builder.Op("Slice", this, starts, ends, Builder.Const(axes));

    /// <summary>Entries along one dimension by index.</summary>
    /// <param name="indices">int64; its shape takes the dimension's place.</param>
    /// <param name="axis">The dimension.</param>
    public OnnxValue Gather(OnnxValue indices, long axis = 0) => Builder.Op("Gather", [this, indices], ("axis", axis));

    /// <summary>The values with a leading ones in the shape of another tensor.</summary>
    /// <param name="shape">int64 [rank].</param>
    public OnnxValue Expand(OnnxValue shape) => Builder.Op("Expand", this, shape);
}
