using Microsoft.Win32.SafeHandles;

namespace OpenCvSharp.Internal;

/// <summary>A native <c>cv::VideoWriter</c>.</summary>
internal sealed class WriterHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Native.WriterDelete(handle);
        return true;
    }
}
