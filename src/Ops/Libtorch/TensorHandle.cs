using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Vision.Ops.Libtorch;

/// <summary>
/// Who owns a handle. A <see cref="Tensor"/> owns its own and frees it when it is disposed. What is handed to libtorch is another handle to
/// the same tensor, which libtorch frees; what libtorch hands out is freed by the <see cref="Tensor"/> that is made of it.
/// </summary>
internal static class TensorHandle
{
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)] private static extern Tensor NewTensor(nint handle, bool registerInScope);

    /// <summary>A tensor that owns a handle, in the current dispose scope.</summary>
    public static Tensor Own(nint handle) => NewTensor(handle, true);

    /// <summary>A second handle to the same tensor, for the callee to free.</summary>
    public static nint Share(Tensor tensor)
    {
        Shim.Check(Shim.aoti_torch_new_tensor_handle(tensor.Handle, out nint copy), "a tensor's handle could not be shared");
        return copy;
    }
}
