using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Vision.Ops.Libtorch;

/// <summary>An argument of an operator: a tensor or null, a number, or a list of
/// integers. Values convert to it implicitly.</summary>
internal readonly struct Argument
{
    private readonly Tensor? tensor;
    private readonly long[]? list;
    private readonly ulong bits;

    private Argument(string type, ulong bits = 0, Tensor? tensor = null, long[]? list = null) =>
        (Type, this.bits, this.tensor, this.list) = (type, bits, tensor, list);

    /// <summary>The type in schema notation; <c>Tensor?</c> for null.</summary>
    public string Type { get; }

    public static implicit operator Argument(Tensor? value) => new(value is null ? "Tensor?" : "Tensor", tensor: value);
    public static implicit operator Argument(long value) => new("int", (ulong)value);
    public static implicit operator Argument(double value) => new("float", BitConverter.DoubleToUInt64Bits(value));
    public static implicit operator Argument(bool value) => new("bool", value ? 1u : 0u);
    public static implicit operator Argument(long[] value) => new("int[]", list: value);

    /// <summary>Whether it can be passed for a schema's type.</summary>
    public bool Fits(string type) => Type == type || Type + "?" == type;

    /// <summary>Its representation on libtorch's stack for a schema's type. The callee frees what it points to.</summary>
    public unsafe ulong OnStack(string type)
    {
        if (tensor is null && list is null) return bits;           // for a null tensor, a null pointer
        ulong value = list is not null ? NewList(list) : (ulong)TensorHandle.Share(tensor!);
        if (!type.EndsWith('?')) return value;
        ulong* optional = (ulong*)NativeMemory.Alloc(sizeof(ulong));
        *optional = value;
        return (ulong)optional;
    }

    private static ulong NewList(long[] values)
    {
        Shim.Check(Shim.torch_new_list_reserve_size((nuint)values.Length, out nint made), "a list could not be created");
        foreach (long value in values) Shim.Check(Shim.torch_list_push_back(made, (ulong)value), "a list could not be filled");
        return (ulong)made;
    }
}
