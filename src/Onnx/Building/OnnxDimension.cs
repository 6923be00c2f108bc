using Vision.Onnx.Schema;

namespace Vision.Onnx.Building;

/// <summary>A dimension of an input or output: a number, or a name for one that is open.</summary>
internal readonly record struct OnnxDimension(long Size, string? Name)
{
    /// <summary>A fixed dimension.</summary>
    public static implicit operator OnnxDimension(long size) => new(size, null);

    /// <summary>An open dimension; equal names mean equal sizes.</summary>
    public static implicit operator OnnxDimension(string name) => new(0, name);

    /// <summary>The dimension as it is written.</summary>
    public TensorShapeProto.Types.Dimension ToProto() => Name is null ? new() { DimValue = Size } : new() { DimParam = Name };
}
