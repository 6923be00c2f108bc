using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace OpenCvSharp.Internal;

/// <summary>The native side's <c>vision::Input</c>: a matrix, else a scalar, else nothing.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeInput
{
    public IntPtr Mat;
    public Scalar Scalar;
    public long Kind;

    /// <summary>Keeps the matrix alive for the length of a native call, so that no call site needs to.</summary>
    [CustomMarshaller(typeof(InputArray), MarshalMode.ManagedToUnmanagedIn, typeof(Marshaller))]
    internal ref struct Marshaller
    {
        private InputArray? array;
        private bool held;

        public void FromManaged(InputArray? managed)
        {
            array = managed;
            array?.Mat?.Handle.DangerousAddRef(ref held);
        }

        public readonly NativeInput ToUnmanaged() =>
            array is null ? default
            : array.Mat is { } mat ? new NativeInput { Mat = mat.Handle.DangerousGetHandle(), Kind = 1 }
            : new NativeInput { Scalar = array.Scalar, Kind = 2 };

        public readonly void Free()
        {
            if (held) array!.Mat!.Handle.DangerousRelease();
        }
    }
}
