using static TorchSharp.torch;

namespace Vision.Ops.Libtorch;

/// <summary>The memory of a tensor, for kernels.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>
    /// The first element of a tensor on the CPU, for any strides. It is valid as long as the tensor: keep a reference to the tensor until
    /// the kernel is done (<c>GC.KeepAlive</c>, or a dispose scope that ends later).
    /// </summary>
    /// <exception cref="ArgumentException">The tensor is on another device, or its elements have another size.</exception>
    public static T* Pointer<T>(this Tensor tensor) where T : unmanaged
    {
        if (tensor.device_type != TorchSharp.DeviceType.CPU)
            throw new ArgumentException($"The tensor is on {tensor.device}; expected the CPU.", nameof(tensor));
        if (tensor.element_size() != sizeof(T))
            throw new ArgumentException($"The tensor is {tensor.dtype}; expected elements of {sizeof(T)} bytes.", nameof(tensor));
        Shim.Check(Shim.torch_get_mutable_data_ptr(tensor.Handle, out nint data), "a tensor has no memory");
        return (T*)data;
    }

    /// <summary>The first element of a tensor on any device, for kernels that run there. It is valid as long as the tensor.</summary>
    /// <exception cref="ArgumentException">The tensor is not contiguous.</exception>
    public static nint DevicePointer(this Tensor tensor)
    {
        if (!tensor.is_contiguous()) throw new ArgumentException("The tensor is not contiguous; make it so.", nameof(tensor));
        Shim.Check(Shim.torch_get_mutable_data_ptr(tensor.Handle, out nint data), "a tensor has no memory");
        return data;
    }
}
