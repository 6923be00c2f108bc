using System.Runtime.CompilerServices;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Cuda;

/// <summary>
/// An argument of a kernel: a pointer to a tensor's elements (null for none), a Real, an Index, or a struct of Index fields, as
/// <c>Elements.cuh</c> calls them.
/// </summary>
internal readonly unsafe struct KernelArgument
{
    private readonly Kind kind;
    private readonly Tensor? tensor;
    private readonly double real;
    private readonly long index;
    private readonly long[]? indices;

    private KernelArgument(Kind kind, Tensor? tensor = null, double real = 0, long index = 0, long[]? indices = null) =>
        (this.kind, this.tensor, this.real, this.index, this.indices) = (kind, tensor, real, index, indices);

    private enum Kind { Pointer, Real, Index, Structure }

    /// <summary>The maximum size in bytes.</summary>
    public int Room => kind == Kind.Structure ? indices!.Length * sizeof(long) : sizeof(long);

    public static implicit operator KernelArgument(Tensor? tensor) => new(Kind.Pointer, tensor: tensor);

    public static implicit operator KernelArgument(double real) => new(Kind.Real, real: real);

    public static implicit operator KernelArgument(long index) => new(Kind.Index, index: index);

    public static implicit operator KernelArgument(long[] indices) => new(Kind.Structure, indices: indices);

    /// <summary>Writes it in the kernel's layout.</summary>
    public void Write(byte* place, KernelSource source)
    {
        switch (kind)
        {
            case Kind.Pointer: Unsafe.Write(place, tensor is null ? 0 : tensor.DevicePointer()); break;
            case Kind.Real when source.IsDouble: Unsafe.Write(place, real); break;
            case Kind.Real: Unsafe.Write(place, (float)real); break;
            case Kind.Index: WriteIndex(place, 0, index, source.IsWide); break;
            case Kind.Structure:
                for (int i = 0; i < indices!.Length; i++) WriteIndex(place, i, indices[i], source.IsWide);
                break;
        }
    }

    /// <summary>Keeps its tensor alive up to this call.</summary>
    public void KeepAlive() => GC.KeepAlive(tensor);

    private static void WriteIndex(byte* place, int number, long value, bool isWide)
    {
        if (isWide) ((long*)place)[number] = value;
        else ((int*)place)[number] = checked((int)value);
    }
}
