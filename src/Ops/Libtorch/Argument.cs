using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Vision.Ops.Libtorch;

/// <summary>An argument of an operator: a tensor, perhaps none, a number, or a list of whole
/// numbers. Values convert to it by themselves.</summary>
internal readonly struct Argument
{
    private readonly Tensor? tensor;
    private readonly long[]? list;
    private readonly ulong bits;

    private Argument(string type, ulong bits = 0, Tensor? tensor = null, long[]? list = null) =>
        (Type, this.bits, this.tensor, this.list) = (type, bits, tensor, list);

    /// <summary>The type as schemas write it; <c>Tensor?</c> for no tensor.</summary>
    public string Type { get; }

    public static implicit operator Argument(Tensor? value) => new(value is null ? "Tensor?" : "Tensor", tensor: value);
    public static implicit operator Argument(long value) => new("int", (ulong)value);
    public static implicit operator Argument(double value) => new("float", BitConverter.DoubleToUInt64Bits(value));
    public static implicit operator Argument(bool value) => new("bool", value ? 1u : 0u);
    public static implicit operator Argument(long[] value) => new("int[]", list: value);

    /// <summary>Whether it can stand where a schema has this type.</summary>
    public bool Fits(string type) => Type == type || (Type == "Tensor" && type == "Tensor?");

    /// <summary>Its form on libtorch's stack, where a schema has this type. What it points to is the callee's to free.</summary>
    public unsafe ulong OnStack(string type)
    {
        if (list is not null) return NewList(list);
        if (tensor is null) return bits;                           // also no tensor: a null pointer
        ulong handle = (ulong)TensorHandle.Share(tensor);
        if (type == "Tensor") return handle;
        ulong* optional = (ulong*)NativeMemory.Alloc(sizeof(ulong));
        *optional = handle;
        return (ulong)optional;
    }

    private static ulong NewList(long[] values)
    {
        Shim.Check(Shim.torch_new_list_reserve_size((nuint)values.Length, out nint made), "a list could not be made");
        foreach (long value in values) Shim.Check(Shim.torch_list_push_back(made, (ulong)value), "a list could not be filled");
        return (ulong)made;
    }
}
