using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>One argument of an operator call, by implicit conversion from what it is in C#.</summary>
internal readonly struct Arg
{
    public readonly Tag Tag;
    public readonly long Bits;
    public readonly object? Reference;

    private Arg(Tag tag, long bits = 0, object? reference = null) => (Tag, Bits, Reference) = (tag, bits, reference);

    /// <summary>Python's None.</summary>
    public static Arg None => default;

    /// <summary>What the operator's schema says where the argument is left out.</summary>
    public static Arg Default => new(Tag.Default);

    public static implicit operator Arg(Tensor? tensor) => tensor is null ? None : new(Tag.Tensor, tensor.Handle, tensor);

    public static implicit operator Arg(long value) => new(Tag.Int, value);

    public static implicit operator Arg(long? value) => value is { } number ? new(Tag.Int, number) : None;

    public static implicit operator Arg(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Arg(double? value) => value is { } number ? number : None;

    public static implicit operator Arg(bool value) => new(Tag.Bool, value ? 1 : 0);

    public static implicit operator Arg(ScalarType value) => new(Tag.Int, (long)value);

    public static implicit operator Arg(ScalarType? value) => value is { } type ? type : None;

    public static implicit operator Arg(Device? value) => value is null ? None : new(Tag.Device, value.Bits);

    public static implicit operator Arg(Scalar? value) => value is null ? None : new(value.Tag, value.Bits, value);

    public static implicit operator Arg(Generator? value) => value is null ? None : new(Tag.Generator, value.Handle, value);

    public static implicit operator Arg(string? value) => value is null ? None : new(Tag.String, 0, value);

    public static implicit operator Arg(long[]? value) => value is null ? None : new(Tag.IntList, 0, value);

    public static implicit operator Arg(double[]? value) => value is null ? None : new(Tag.DoubleList, 0, value);

    public static implicit operator Arg(bool[]? value) => value is null ? None : new(Tag.BoolList, 0, value);

    public static implicit operator Arg(Tensor?[]? value) => value is null ? None : new(Tag.TensorList, 0, value);
}
