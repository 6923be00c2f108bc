using System.Buffers.Binary;
using System.Runtime.InteropServices;
using TorchSharp;
using Vision.Weights.Pickle;
using static TorchSharp.torch;

namespace Vision.Weights.Torch;

/// <summary>Builds tensors from their descriptions. Tensors on the same storage share its
/// memory, as they did when they were saved.</summary>
internal sealed class TensorBuilder(TorchFile file)
{
    private readonly Dictionary<string, Tensor> storages = [];

    /// <summary>Builds a tensor. Its storage is owned by the current dispose scope.</summary>
    public Tensor Build(PickledTensor description)
    {
        if (description.Size.Contains(0)) return empty(description.Size, description.Storage.Dtype);
        return Storage(description.Storage).as_strided(description.Size, description.Stride, description.Offset);
    }

    private Tensor Storage(StorageReference reference)
    {
        if (storages.TryGetValue(reference.Key, out Tensor? known)) return known;
        Stream content = file.Open(reference);
        Tensor storage = empty(reference.Count, reference.Dtype);      // [Count]
        TensorBytes.Read(storage, content);
        if (file.BigEndian) SwapBytes(storage, reference.Dtype);
        return storages[reference.Key] = storage;
    }

    private static void SwapBytes(Tensor storage, ScalarType dtype)
    {
        int size = dtype is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64 ? dtype.ElementSize() / 2 : dtype.ElementSize();
        foreach (Tensor part in TensorBytes.Parts(storage))
        {
            Span<byte> bytes = part.bytes;
            switch (size)
            {
                case 2: { Span<ushort> v = MemoryMarshal.Cast<byte, ushort>(bytes); BinaryPrimitives.ReverseEndianness(v, v); break; }
                case 4: { Span<uint> v = MemoryMarshal.Cast<byte, uint>(bytes); BinaryPrimitives.ReverseEndianness(v, v); break; }
                case 8: { Span<ulong> v = MemoryMarshal.Cast<byte, ulong>(bytes); BinaryPrimitives.ReverseEndianness(v, v); break; }
            }
        }
    }
}
