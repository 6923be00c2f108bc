using OpenCvSharp.Internal;
using static OpenCvSharp.Internal.Native;

namespace OpenCvSharp;

public class VideoCapture : IDisposable
{
    private readonly CaptureHandle handle;

    public VideoCapture()
    {
        Check(CaptureNew(out handle));
    }

    public VideoCapture(string fileName, VideoCaptureAPIs apiPreference = VideoCaptureAPIs.ANY)
        : this()
    {
        Open(fileName, apiPreference);
    }

    public VideoCapture(int index, VideoCaptureAPIs apiPreference = VideoCaptureAPIs.ANY)
        : this()
    {
        Open(index, apiPreference);
    }

    public double Fps => Get(VideoCaptureProperties.Fps);

    public int FrameWidth => (int)Get(VideoCaptureProperties.FrameWidth);

    public int FrameHeight => (int)Get(VideoCaptureProperties.FrameHeight);

    public int FrameCount => (int)Get(VideoCaptureProperties.FrameCount);

    public bool Open(string fileName, VideoCaptureAPIs apiPreference = VideoCaptureAPIs.ANY)
    {
        Check(CaptureOpenFile(handle, fileName, (int)apiPreference, out int opened));
        return opened != 0;
    }

    public bool Open(int index, VideoCaptureAPIs apiPreference = VideoCaptureAPIs.ANY)
    {
        Check(CaptureOpenCamera(handle, index, (int)apiPreference, out int opened));
        return opened != 0;
    }

    public bool IsOpened()
    {
        Check(CaptureIsOpened(handle, out int opened));
        return opened != 0;
    }

    public bool Grab()
    {
        Check(CaptureGrab(handle, out int grabbed));
        return grabbed != 0;
    }

    public bool Retrieve(Mat image, int flag = 0)
    {
        Check(CaptureRetrieve(handle, image, flag, out int retrieved));
        return retrieved != 0;
    }

    /// <summary>The next frame, BGR; false where there is none.</summary>
    public bool Read(Mat image)
    {
        Check(CaptureRead(handle, image, out int read));
        return read != 0;
    }

    public double Get(VideoCaptureProperties propertyId)
    {
        Check(CaptureGet(handle, (int)propertyId, out double value));
        return value;
    }

    public bool Set(VideoCaptureProperties propertyId, double value)
    {
        Check(CaptureSet(handle, (int)propertyId, value, out int done));
        return done != 0;
    }

    public void Dispose()
    {
        handle.Dispose();
        GC.SuppressFinalize(this);
    }
}
