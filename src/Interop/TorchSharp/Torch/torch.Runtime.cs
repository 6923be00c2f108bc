using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static string __version__ => Marshal.PtrToStringUTF8(Libtorch.vt_version())!;

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.NewDisposeScope();

    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using DisposeScope scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    public static int get_num_threads() => Libtorch.vt_num_threads();

    public static void set_num_threads(int num) => Libtorch.Checked(Libtorch.vt_set_num_threads(num));

    public static int get_num_interop_threads() => Libtorch.vt_num_interop_threads();

    public static void set_num_interop_threads(int num) => Libtorch.Checked(Libtorch.vt_set_num_interop_threads(num));
}
