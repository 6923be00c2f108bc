using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number of any type, as an operator's argument.</summary>
public sealed class Scalar : IDisposable
{
    private Scalar(Tag tag, long bits, ScalarType type) => (Tag, Bits, Type) = (tag, bits, type);

    internal Tag Tag { get; }

    internal long Bits { get; }

    public ScalarType Type { get; }

    internal double Number => Tag == Tag.Double ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    internal static Scalar FromNative(in NativeValue value) => value.Tag switch
    {
        Tag.Double => new(Tag.Double, value.Payload, ScalarType.Float64),
        Tag.Bool => new(Tag.Bool, value.Payload, ScalarType.Bool),
        _ => new(Tag.Int, value.Payload, ScalarType.Int64),
    };

    private static Scalar Of(long value, ScalarType type) => new(Tag.Int, value, type);

    private static Scalar Of(double value, ScalarType type) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value), type);

    public static implicit operator Scalar(byte value) => Of(value, ScalarType.Byte);
    public static implicit operator Scalar(sbyte value) => Of(value, ScalarType.Int8);
    public static implicit operator Scalar(short value) => Of(value, ScalarType.Int16);
    public static implicit operator Scalar(int value) => Of(value, ScalarType.Int32);
    public static implicit operator Scalar(long value) => Of(value, ScalarType.Int64);
    public static implicit operator Scalar(Half value) => Of((double)value, ScalarType.Float16);
    public static implicit operator Scalar(float value) => Of(value, ScalarType.Float32);
    public static implicit operator Scalar(double value) => Of(value, ScalarType.Float64);
    public static implicit operator Scalar(bool value) => new(Tag.Bool, value ? 1 : 0, ScalarType.Bool);

    /// <summary>Holds nothing that needs freeing; here because TorchSharp's does.</summary>
    public void Dispose() { }
}
