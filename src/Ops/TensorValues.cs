using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>The elements of tensors in .NET's memory. TorchSharp's own accessor walks along the strides element by element, and has no answer for empty tensors.</summary>
public static class TensorValues
{
    /// <summary>Copies all elements, in the order of the indices, wherever the tensor is and however it lies in memory.</summary>
    /// <typeparam name="T">The type of the elements: <c>float</c> for float32, <c>long</c> for int64, <c>bool</c> and so on.</typeparam>
    /// <exception cref="ArgumentException">The elements are of another type.</exception>
    public static unsafe T[] ToArray<T>(this Tensor tensor) where T : unmanaged
    {
        if (tensor.dtype != TypeOf<T>()) throw new ArgumentException($"The tensor is {tensor.dtype}; expected {typeof(T).Name}.", nameof(tensor));
        using var scope = NewDisposeScope();
        T[] values = new T[tensor.numel()];
        if (values.Length == 0) return values;
        Tensor plain = tensor.detach().cpu().contiguous();
        new ReadOnlySpan<T>(plain.Pointer<T>(), values.Length).CopyTo(values);
        return values;
    }

    private static ScalarType TypeOf<T>() => default(T) switch
    {
        float => ScalarType.Float32,
        double => ScalarType.Float64,
        long => ScalarType.Int64,
        int => ScalarType.Int32,
        byte => ScalarType.Byte,
        bool => ScalarType.Bool,
        _ => throw new ArgumentException($"No tensor is read as {typeof(T).Name}."),
    };
}
