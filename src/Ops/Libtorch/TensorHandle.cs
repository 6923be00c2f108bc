using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Vision.Ops.Libtorch;

/// <summary>
/// Ownership of tensor handles. A <see cref="Tensor"/> owns its handle and frees it when it is disposed. libtorch is passed another handle
/// to the same tensor, which it frees; a handle that libtorch returns is owned by the <see cref="Tensor"/> created from it.
/// </summary>
internal static class TensorHandle
{
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)] private static extern Tensor NewTensor(nint handle, bool registerInScope);

    /// <summary>A tensor in the current dispose scope that owns the handle.</summary>
    public static Tensor Own(nint handle) => NewTensor(handle, true);

    /// <summary>A second handle to the same tensor, for the callee to free.</summary>
    public static nint Share(Tensor tensor)
    {
        Shim.Check(Shim.aoti_torch_new_tensor_handle(tensor.Handle, out nint copy), "a tensor's handle could not be shared");
        return copy;
    }
}
