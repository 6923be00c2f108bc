using System.Runtime.InteropServices;
using Google.Protobuf;
using TorchSharp;
using Vision.Onnx.Schema;
using static TorchSharp.torch;

namespace Vision.Onnx.Building;

/// <summary>The constant tensors of a graph; equal ones are written once.</summary>
internal sealed class OnnxInitializers
{
    private readonly Dictionary<(IntPtr Handle, DataType Type), string> ofTensors = [];
    private readonly Dictionary<(DataType Type, string Shape, ByteString Bytes), string> ofConstants = [];
    private readonly HashSet<string> names;
    private readonly ICollection<TensorProto> target;
    private readonly ICollection<Tensor> owned;

    /// <summary>Adds to a graph.</summary>
    /// <param name="target">The graph's initializers.</param>
    /// <param name="names">All names of the graph.</param>
    /// <param name="owned">Gets the tensors that must live until the graph is written.</param>
    public OnnxInitializers(ICollection<TensorProto> target, HashSet<string> names, ICollection<Tensor> owned)
    {
        this.target = target;
        this.names = names;
        this.owned = owned;
    }

    /// <summary>The name of a weight's constant.</summary>
    /// <param name="tensor">It must live until the graph is written.</param>
    /// <param name="name">The name if it is new.</param>
    /// <param name="floats">The type that float32 becomes.</param>
    public string Weight(Tensor tensor, string name, DataType floats)
    {
        DataType type = tensor.dtype == ScalarType.Float32 ? floats : TypeOf(tensor.dtype);
        if (ofTensors.TryGetValue((tensor.Handle, type), out string? known)) return known;
        using var scope = NewDisposeScope();
        Tensor plain = tensor.detach().to(type == DataType.Float16 ? ScalarType.Float16 : tensor.dtype).contiguous();
        owned.Add(plain.DetachFromDisposeScope());                      // another object, but a copy only if it has to be
        return ofTensors[(tensor.Handle, type)] = Add(type, plain.shape,
            UnsafeByteOperations.UnsafeWrap(new TensorMemory(plain).Memory), name);
    }

    /// <summary>The name of a small constant.</summary>
    public string Constant<T>(DataType type, T[] values, long[] shape) where T : unmanaged
    {
        ByteString bytes = ByteString.CopyFrom(MemoryMarshal.AsBytes<T>(values));
        var key = (type, string.Join(',', shape), bytes);
        if (ofConstants.TryGetValue(key, out string? known)) return known;
        return ofConstants[key] = Add(type, shape, bytes, "constant");
    }

    private string Add(DataType type, long[] shape, ByteString bytes, string wanted)
    {
        string name = wanted;
        for (int i = 1; !names.Add(name); i++) name = $"{wanted}_{i}";
        target.Add(new() { Name = name, DataType = (int)type, Dims = { shape }, RawData = bytes });
        return name;
    }

    private static DataType TypeOf(ScalarType type) => type switch
    {
        ScalarType.Float16 => DataType.Float16,
        ScalarType.Int64 => DataType.Int64,
        ScalarType.Int8 => DataType.Int8,
        ScalarType.Byte => DataType.Uint8,
        ScalarType.Bool => DataType.Bool,
        _ => throw new NotSupportedException($"A constant is {type}; expected float32, float16, int64, int8, uint8 or bool."),
    };
}
