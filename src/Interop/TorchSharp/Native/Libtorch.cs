using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>The functions of libvision_torch.so (Native/Torch). Handles are bare <c>at::TensorImpl*</c>.</summary>
internal static unsafe partial class Libtorch
{
    private const string Library = "vision_torch";

    static Libtorch()
    {
        // libtorch on Debian starts with one thread.
        vt_set_num_threads(Environment.ProcessorCount);
    }

    /// <summary>Libtorch's message for what just failed on this thread, as TorchSharp throws it.</summary>
    public static ExternalException LastError() => new(Marshal.PtrToStringUTF8(vt_last_error()) is { Length: > 0 } message ? message : "libtorch failed without a message");

    /// <summary>Passes a result through; throws where it says failure.</summary>
    public static int Checked(int result) => result >= 0 ? result : throw LastError();

    /// <inheritdoc cref="Checked(int)"/>
    public static nint Checked(nint handle) => handle != 0 ? handle : throw LastError();

    [LibraryImport(Library)] public static partial nint vt_last_error();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial void vt_set_last_error(string message);
    [LibraryImport(Library)] public static partial nint vt_version();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial nint vt_operator_find(string name, string overload);
    [LibraryImport(Library)] public static partial int vt_operator_call(nint op, NativeValue* arguments, int count, NativeValue* results, int capacity);
    [LibraryImport(Library)] public static partial void vt_free(nint memory);

    [LibraryImport(Library)] public static partial void vt_tensor_free(nint handle);
    [LibraryImport(Library), SuppressGCTransition] public static partial int vt_tensor_dim(nint handle);
    [LibraryImport(Library), SuppressGCTransition] public static partial long vt_tensor_numel(nint handle);
    [LibraryImport(Library), SuppressGCTransition] public static partial void vt_tensor_sizes(nint handle, long* sizes);
    [LibraryImport(Library), SuppressGCTransition] public static partial void vt_tensor_strides(nint handle, long* strides);
    [LibraryImport(Library), SuppressGCTransition] public static partial int vt_tensor_dtype(nint handle);
    [LibraryImport(Library), SuppressGCTransition] public static partial long vt_tensor_device(nint handle);
    [LibraryImport(Library), SuppressGCTransition] public static partial long vt_tensor_storage_offset(nint handle);
    [LibraryImport(Library), SuppressGCTransition] public static partial int vt_tensor_is_contiguous(nint handle, int memoryFormat);
    [LibraryImport(Library)] public static partial nint vt_tensor_data(nint handle);
    [LibraryImport(Library)] public static partial long vt_tensor_storage_bytes(nint handle);
    [LibraryImport(Library)] public static partial nint vt_tensor_alias(nint handle);

    [LibraryImport(Library)] public static partial int vt_backward(nint* outputs, int outputCount, nint* gradients, int gradientCount, int retainGraph, int createGraph, nint* inputs, int inputCount);
    [LibraryImport(Library)] public static partial int vt_grad(nint* outputs, int outputCount, nint* inputs, int inputCount, nint* gradients, int gradientCount, int retainGraph, int createGraph, int allowUnused, nint* results);
    [LibraryImport(Library)] public static partial nint vt_function_record(nint* inputs, int inputCount, nint output, nint* saved, int savedCount,
        delegate* unmanaged<nint, nint, nint, nint*, int, int> backward, delegate* unmanaged<nint, void> release, nint state);
    [LibraryImport(Library)] public static partial int vt_function_saved(nint node, nint* results, int capacity);
    [LibraryImport(Library)] public static partial int vt_requires_grad(nint handle);
    [LibraryImport(Library)] public static partial int vt_set_requires_grad(nint handle, int value);
    [LibraryImport(Library)] public static partial int vt_is_leaf(nint handle);
    [LibraryImport(Library)] public static partial nint vt_gradient(nint handle);
    [LibraryImport(Library)] public static partial int vt_set_gradient(nint handle, nint gradient);
    [LibraryImport(Library), SuppressGCTransition] public static partial int vt_grad_enabled();
    [LibraryImport(Library), SuppressGCTransition] public static partial void vt_set_grad_enabled(int enabled);
    [LibraryImport(Library)] public static partial nint vt_inference_mode_enter(int enabled);
    [LibraryImport(Library)] public static partial void vt_inference_mode_leave(nint guard);
    [LibraryImport(Library), SuppressGCTransition] public static partial int vt_inference_mode_enabled();

    [LibraryImport(Library)] public static partial int vt_num_threads();
    [LibraryImport(Library)] public static partial int vt_set_num_threads(int count);
    [LibraryImport(Library)] public static partial int vt_num_interop_threads();
    [LibraryImport(Library)] public static partial int vt_set_num_interop_threads(int count);
    [LibraryImport(Library)] public static partial int vt_cuda_device_count();
    [LibraryImport(Library)] public static partial int vt_cuda_synchronize(long device);
    [LibraryImport(Library)] public static partial int vt_manual_seed(ulong seed);
    [LibraryImport(Library)] public static partial nint vt_generator_new(long device, int isDefault);
    [LibraryImport(Library)] public static partial void vt_generator_free(nint generator);
    [LibraryImport(Library)] public static partial int vt_generator_seed(nint generator, ulong seed);
    [LibraryImport(Library)] public static partial ulong vt_generator_initial_seed(nint generator);
    [LibraryImport(Library)] public static partial nint vt_generator_state(nint generator);
    [LibraryImport(Library)] public static partial int vt_generator_set_state(nint generator, nint state);
}
