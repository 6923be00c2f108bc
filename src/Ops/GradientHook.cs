using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>
/// Calls a function with the gradient of a tensor during each backward pass, as soon as it is complete and before it is added to
/// <c>grad</c>; until it is disposed. Like torch's <c>register_hook</c>, which TorchSharp lacks.
/// </summary>
public sealed unsafe partial class GradientHook : IDisposable
{
    private static readonly ConcurrentDictionary<long, GradientHook> all = new();
    private static long last;

    private readonly Tensor tensor;
    private readonly Action<Tensor> action;
    private readonly long key;
    private readonly uint place;
    private ExceptionDispatchInfo? failure;

    /// <summary>Adds a function to a tensor.</summary>
    /// <param name="tensor">A tensor that requires a gradient.</param>
    /// <param name="action">Gets the gradient, which belongs to libtorch: it may be read until the function returns. It is called on the
    /// thread of the backward pass.</param>
    /// <exception cref="PlatformNotSupportedException">The platform is not Linux on x86-64.</exception>
    public GradientHook(Tensor tensor, Action<Tensor> action)
    {
        if (!IsSupported) throw new PlatformNotSupportedException("Gradient hooks need Linux on x86-64.");
        (this.tensor, this.action) = (tensor, action);
        key = Interlocked.Increment(ref last);
        all[key] = this;
        Function function = new() { Key = key, Manager = &Manage, Invoker = &Invoke };
        place = Register(tensor.Handle, &function);
    }

    /// <summary>Whether this system has them; the C++ types are laid out as libstdc++ on x86-64 has them.</summary>
    public static bool IsSupported => Tracer.IsSupported;

    /// <summary>Throws the exception that the function ended with, if it did: exceptions cannot pass through libtorch.</summary>
    public void ThrowIfFailed() => failure?.Throw();

    /// <summary>Removes the function.</summary>
    public void Dispose()
    {
        if (all.TryRemove(key, out _)) Remove(tensor.Handle, place);
    }

    // unsigned at::TensorBase::_register_hook(std::function<TensorBase(const TensorBase&)>) const
    [LibraryImport("torch_cpu", EntryPoint = "_ZNK2at10TensorBase14_register_hookESt8functionIFS0_RKS0_EE")]
    private static partial uint Register(nint tensor, void* function);

    // void at::TensorBase::remove_hook(unsigned) const
    [LibraryImport("torch_cpu", EntryPoint = "_ZNK2at10TensorBase11remove_hookEj")]
    private static partial void Remove(nint tensor, uint place);

    private struct Function                                                // std::function: two words of data, then its functions
    {
        public long Key;
        public nint Unused;
        public delegate* unmanaged<long*, long*, int, byte> Manager;
        public delegate* unmanaged<nint*, long*, nint*, nint*> Invoker;
    }

    [UnmanagedCallersOnly]
    private static byte Manage(long* target, long* source, int operation)
    {
        if (operation == 2) target[0] = source[0];                         // copies; destroying a copy needs nothing
        return 0;
    }

    [UnmanagedCallersOnly]
    private static nint* Invoke(nint* result, long* data, nint* gradient)
    {
        // The result is the same gradient: a new reference to its TensorImpl.
        _ = Shim.aoti_torch_new_tensor_handle((nint)gradient, out nint same);
        *result = *(nint*)same;
        NativeMemory.Free((void*)same);
        if (!all.TryGetValue(data[0], out GradientHook? hook)) return result;
        try
        {
            using var scope = NewDisposeScope();
            Shim.Check(Shim.aoti_torch_new_tensor_handle((nint)gradient, out nint copy), "a gradient");
            hook.action(TensorHandle.Own(copy));
        }
        catch (Exception caught)
        {
            hook.failure ??= ExceptionDispatchInfo.Capture(caught);
        }
        return result;
    }
}
