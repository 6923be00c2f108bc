using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

public static class TensorExtensionMethods
{
    /// <summary>Bytes of one element.</summary>
    public static int ElementSize(this ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool or ScalarType.QInt8 or ScalarType.QUInt8 => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 or ScalarType.QInt32 => 4,
        ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
        ScalarType.ComplexFloat64 => 16,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such element type."),
    };

    public static Parameter AsParameter(this Tensor tensor) => new(tensor);

    /// <summary>Writes a tensor in TorchSharp's form: element type, number of dimensions, sizes, then the elements row by row.</summary>
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        writer.Write7BitEncodedInt64((long)tensor.dtype);
        writer.Write7BitEncodedInt64(tensor.dim());
        foreach (long size in tensor.shape)
            writer.Write7BitEncodedInt64(size);
        writer.Write(tensor.cpu().contiguous().bytes);
    }

    /// <summary>Reads a saved tensor's elements into this one.</summary>
    /// <exception cref="InvalidDataException">The saved tensor has another type or shape.</exception>
    internal static void Load(this Tensor tensor, BinaryReader reader)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor loaded = Load(reader);
        if (loaded.dtype != tensor.dtype || !loaded.shape.AsSpan().SequenceEqual(tensor.shape))
            throw new InvalidDataException(
                $"The saved tensor is {loaded.dtype} [{string.Join(", ", loaded.shape)}], but {tensor.dtype} [{string.Join(", ", tensor.shape)}] is expected.");
        tensor.copy_(loaded);
    }

    /// <summary>Reads a saved tensor.</summary>
    internal static Tensor Load(BinaryReader reader)
    {
        var type = (ScalarType)reader.Read7BitEncodedInt64();
        var shape = new long[reader.Read7BitEncodedInt64()];
        for (int i = 0; i < shape.Length; i++)
            shape[i] = reader.Read7BitEncodedInt64();
        Tensor tensor = empty(shape, type);
        reader.BaseStream.ReadExactly(tensor.bytes);
        return tensor;
    }
}
