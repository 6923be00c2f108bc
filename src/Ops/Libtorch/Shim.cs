using System.Runtime.InteropServices;

namespace Vision.Ops.Libtorch;

/// <summary>
/// libtorch's own C functions, by their names in <c>torch/csrc/inductor/aoti_torch/c/shim.h</c> and <c>torch/csrc/stable/c/shim.h</c>.
/// A tensor handle is an <c>at::Tensor*</c>, as <c>Tensor.Handle</c> is. Each function that returns an int
/// returns 0 on success; otherwise libtorch has written the reason to the standard error stream.
/// </summary>
internal static unsafe partial class Shim
{
    /// <summary>The version of the C functions that this is written against, 2.10.0: libtorch preserves their meaning.</summary>
    public const ulong Version = 0x020A_0000_0000_0000;

    private const string Library = "torch_cpu";

    // The first call loads libtorch and throws if that fails; here the exception would be wrapped as a type initializer's.
    static Shim() => NativeLibrary.SetDllImportResolver(typeof(Shim).Assembly, static (library, _, _) =>
    {
        if (library == Library) LibtorchLoader.Load();
        return 0;                                              // found by its name
    });

    /// <summary>libtorch's version: a byte each for the major, minor and patch number, from the top.</summary>
    [LibraryImport(Library)] public static partial ulong aoti_torch_abi_version();

    [LibraryImport(Library)] public static partial int aoti_torch_new_tensor_handle(nint tensor, out nint copy);
    [LibraryImport(Library)] public static partial int aoti_torch_new_uninitialized_tensor(out nint tensor);
    [LibraryImport(Library)] public static partial int aoti_torch_assign_tensors(nint source, nint target);
    [LibraryImport(Library)] public static partial int aoti_torch_delete_tensor_object(nint tensor);
    [LibraryImport(Library)] public static partial int torch_get_mutable_data_ptr(nint tensor, out nint data);
    [LibraryImport(Library)] public static partial int aoti_torch_get_sizes(nint tensor, out long* sizes);
    [LibraryImport(Library)] public static partial int aoti_torch_get_strides(nint tensor, out long* strides);

    [LibraryImport(Library)]
    public static partial int aoti_torch_empty_strided(long dimensions, long* sizes, long* strides, int type, int deviceType,
        int deviceIndex, out nint tensor);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int aoti_torch_cpu_mkldnn__convolution_pointwise(nint input, nint weight, nint* bias, long* padding,
        long paddings, long* stride, long strides, long* dilation, long dilations, long groups, string unary, double** scalars, long count,
        byte** algorithm, out nint result);

    [LibraryImport(Library)] public static partial int torch_new_list_reserve_size(nuint size, out nint list);
    [LibraryImport(Library)] public static partial int torch_list_push_back(nint list, ulong value);

    [LibraryImport(Library)]
    public static partial int torch_parallel_for(long begin, long end, long grain, delegate* unmanaged<long, long, void*, void> body,
        void* context);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int torch_call_dispatcher(string name, string overload, ulong* stack, ulong version);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int aoti_torch_library_init_fragment(string space, string file, uint line, out nint library);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int aoti_torch_library_init_impl(string space, string dispatchKey, string file, uint line, out nint library);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int aoti_torch_library_def(nint library, string schema);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int torch_library_impl(nint library, string name, delegate* unmanaged<ulong*, ulong, ulong, void> kernel,
        ulong version);

    /// <summary>Throws if a function failed.</summary>
    /// <exception cref="InvalidOperationException">The function failed; libtorch has written why to the standard error stream.</exception>
    public static void Check(int status, string what)
    {
        if (status != 0) throw new InvalidOperationException($"libtorch failed: {what}");
    }
}
