using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>The elements of tensors as arrays.</summary>
public static class HostValues
{
    /// <summary>
    /// The elements of a tensor in row-major order, for any strides and device. TorchSharp's <c>data&lt;T&gt;().ToArray()</c> fails for an
    /// empty tensor of several dimensions, and copies element by element.
    /// </summary>
    /// <typeparam name="T">The type of the elements.</typeparam>
    /// <exception cref="ArgumentException">The tensor's elements have another size.</exception>
    public static unsafe T[] ToHost<T>(this Tensor tensor) where T : unmanaged
    {
        using var scope = NewDisposeScope();
        Tensor host = tensor.detach().cpu().contiguous();
        return host.numel() == 0 ? [] : new ReadOnlySpan<T>(host.Pointer<T>(), checked((int)host.numel())).ToArray();
    }
}
