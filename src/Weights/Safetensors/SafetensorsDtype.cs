using static TorchSharp.torch;

namespace Vision.Weights.Safetensors;

/// <summary>The names of element types in safetensors.</summary>
internal static class SafetensorsDtype
{
    private static readonly (string Name, ScalarType Type)[] types =
    [
        ("BOOL", ScalarType.Bool), ("U8", ScalarType.Byte), ("I8", ScalarType.Int8), ("I16", ScalarType.Int16),
        ("I32", ScalarType.Int32), ("I64", ScalarType.Int64), ("F16", ScalarType.Float16), ("BF16", ScalarType.BFloat16),
        ("F32", ScalarType.Float32), ("F64", ScalarType.Float64),
    ];

    /// <summary>The type with the given name, or null.</summary>
    public static ScalarType? Parse(string name)
    {
        foreach (var entry in types) if (entry.Name == name) return entry.Type;
        return null;
    }

    /// <summary>The name of a type, or null if the format has none.</summary>
    public static string? Name(ScalarType type)
    {
        foreach (var entry in types) if (entry.Type == type) return entry.Name;
        return null;
    }
}
