using System.Text;
using static TorchSharp.torch;

namespace Vision.Weights.Pickle;

/// <summary>
/// The only names that a pickle may use, and their replacements here: a dtype, or a <see cref="Function"/> of this library that builds a
/// value. Nothing is looked up anywhere else, so there is nothing that a malicious pickle could call.
/// </summary>
internal static class AllowedGlobals
{
    /// <summary>Builds a value from the pickle's arguments.</summary>
    public delegate object? Function(object?[] arguments);

    private static readonly Dictionary<string, object> table = new()
    {
        ["collections.OrderedDict"] = new Function(OrderedDict),
        ["torch._utils._rebuild_tensor"] = new Function(Tensor),
        ["torch._utils._rebuild_tensor_v2"] = new Function(Tensor),
        ["torch._utils._rebuild_parameter"] = new Function(Parameter),
        ["torch.Size"] = new Function(Sequence),
        ["torch.device"] = new Function(DeviceName),
        ["builtins.set"] = new Function(Sequence),
        ["__builtin__.set"] = new Function(Sequence),
        ["numpy.dtype"] = new Function(arguments => arguments is [string code, ..] ? new NumpyDtype(code) : throw Misused("numpy.dtype")),
        ["numpy.core.multiarray.scalar"] = new Function(NumpyScalar),
        ["numpy._core.multiarray.scalar"] = new Function(NumpyScalar),
        ["_codecs.encode"] = new Function(arguments =>
            arguments is [string text, "latin1"] ? Encoding.Latin1.GetBytes(text) : throw Misused("_codecs.encode")),
    };

    static AllowedGlobals()
    {
        (string Storage, string Dtype, ScalarType Type)[] types =
        [
            ("Float", "float32", ScalarType.Float32), ("Double", "float64", ScalarType.Float64),
            ("Half", "float16", ScalarType.Float16), ("BFloat16", "bfloat16", ScalarType.BFloat16),
            ("Long", "int64", ScalarType.Int64), ("Int", "int32", ScalarType.Int32), ("Short", "int16", ScalarType.Int16),
            ("Char", "int8", ScalarType.Int8), ("Byte", "uint8", ScalarType.Byte), ("Bool", "bool", ScalarType.Bool),
            ("ComplexFloat", "complex64", ScalarType.ComplexFloat32), ("ComplexDouble", "complex128", ScalarType.ComplexFloat64),
        ];
        foreach (var (storage, dtype, type) in types)
        {
            table[$"torch.{storage}Storage"] = type;
            table[$"torch.cuda.{storage}Storage"] = type;
            table[$"torch.{dtype}"] = type;
        }
    }

    /// <summary>The replacement of a name.</summary>
    /// <exception cref="MalformedException">The name is not one that weights need.</exception>
    public static object Find(string module, string name) =>
        table.TryGetValue($"{module}.{name}", out object? value)
            ? value
            : throw new MalformedException(
                $"its pickle asks for {module}.{name}, which is neither a tensor nor a plain container, and was not run; "
                + "if you trust the file, save its state dict alone again in Python");

    private static OrderedDictionary<object, object?> OrderedDict(object?[] arguments)
    {
        OrderedDictionary<object, object?> dictionary = [];
        if (arguments is []) return dictionary;
        if (arguments is not [List<object?> pairs]) throw Misused("collections.OrderedDict");
        foreach (object? pair in pairs)
        {
            // Python 2 wrote the pairs as lists.
            (object? key, object? value) = pair switch
            {
                object?[] { Length: 2 } tuple => (tuple[0], tuple[1]),
                List<object?> { Count: 2 } list => (list[0], list[1]),
                _ => throw Misused("collections.OrderedDict"),
            };
            dictionary[key ?? "None"] = value;
        }
        return dictionary;
    }

    private static PickledTensor Tensor(object?[] arguments) =>
        arguments is [StorageReference storage, long offset, object?[] size, object?[] stride, ..]
            ? new(storage, offset, Longs(size), Longs(stride))
            : throw Misused("torch._utils._rebuild_tensor_v2");

    private static PickledTensor Parameter(object?[] arguments) =>
        arguments is [PickledTensor tensor, ..] ? tensor : throw Misused("torch._utils._rebuild_parameter");

    private static object Sequence(object?[] arguments) => arguments switch
    {
        [] => new List<object?>(),
        [object?[] or List<object?>] => arguments[0]!,
        _ => throw Misused("torch.Size or set"),
    };

    private static string DeviceName(object?[] arguments) =>
        arguments is [string type, ..] ? type : throw Misused("torch.device");

    private static object NumpyScalar(object?[] arguments) => arguments switch
    {
        [NumpyDtype dtype, byte[] bytes] => dtype.Decode(bytes),
        [NumpyDtype dtype, string bytes] => dtype.Decode(Encoding.Latin1.GetBytes(bytes)),
        _ => throw Misused("numpy.core.multiarray.scalar"),
    };

    private static long[] Longs(object?[] values) =>
        [.. values.Select(value => value is long number ? number : throw Misused("torch._utils._rebuild_tensor_v2"))];

    private static MalformedException Misused(string name) => new($"its pickle calls {name} with wrong arguments");
}
