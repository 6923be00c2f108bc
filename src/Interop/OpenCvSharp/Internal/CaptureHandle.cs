using Microsoft.Win32.SafeHandles;

namespace OpenCvSharp.Internal;

/// <summary>A native <c>cv::VideoCapture</c>.</summary>
internal sealed class CaptureHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Native.CaptureDelete(handle);
        return true;
    }
}
