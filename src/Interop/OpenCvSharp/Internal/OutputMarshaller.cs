using System.Runtime.InteropServices.Marshalling;

namespace OpenCvSharp.Internal;

/// <summary>Passes the matrix that a native call fills, and tells the garbage collector of its new size.</summary>
[CustomMarshaller(typeof(OutputArray), MarshalMode.ManagedToUnmanagedIn, typeof(OutputMarshaller))]
internal ref struct OutputMarshaller
{
    private MatHandle handle;
    private bool held;

    public void FromManaged(OutputArray managed)
    {
        ArgumentNullException.ThrowIfNull(managed);
        handle = managed.Mat.Handle;
        handle.DangerousAddRef(ref held);
    }

    public readonly IntPtr ToUnmanaged() => handle.DangerousGetHandle();

    public readonly void Free()
    {
        if (!held) return;
        handle.ReportSize();
        handle.DangerousRelease();
    }
}
