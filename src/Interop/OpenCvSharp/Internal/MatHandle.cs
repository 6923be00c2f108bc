using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Vision.Interop;

namespace OpenCvSharp.Internal;

/// <summary>A native <c>cv::Mat</c>, freed by Dispose or by the finalizer; its bytes count as pressure on the garbage collector.</summary>
internal sealed class MatHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    private long reportedBytes;
    private GCHandle pinned;

    /// <summary>Takes over a pinned array that the matrix lies on.</summary>
    public void Own(GCHandle array) => pinned = array;

    /// <summary>Reports how much memory the matrix holds now. The caller keeps the handle alive.</summary>
    public void ReportSize()
    {
        long bytes = Native.MatOwnedBytes(handle);
        if (bytes == reportedBytes) return;
        NativePressure.Change(bytes - reportedBytes);
        reportedBytes = bytes;
    }

    protected override bool ReleaseHandle()
    {
        Native.MatDelete(handle);
        if (reportedBytes > 0) NativePressure.Change(-reportedBytes);
        if (pinned.IsAllocated) pinned.Free();
        return true;
    }
}
