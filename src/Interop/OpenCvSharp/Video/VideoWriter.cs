using OpenCvSharp.Internal;
using static OpenCvSharp.Internal.Native;

namespace OpenCvSharp;

public class VideoWriter : IDisposable
{
    private readonly WriterHandle handle;

    public VideoWriter()
    {
        Check(WriterNew(out handle));
    }

    public VideoWriter(string fileName, FourCC fourcc, double fps, Size frameSize, bool isColor = true)
        : this()
    {
        Open(fileName, fourcc, fps, frameSize, isColor);
    }

    public VideoWriter(string fileName, VideoCaptureAPIs apiPreference, FourCC fourcc, double fps, Size frameSize, bool isColor = true)
        : this()
    {
        Open(fileName, apiPreference, fourcc, fps, frameSize, isColor);
    }

    public bool Open(string fileName, FourCC fourcc, double fps, Size frameSize, bool isColor = true) =>
        Open(fileName, VideoCaptureAPIs.ANY, fourcc, fps, frameSize, isColor);

    public bool Open(string fileName, VideoCaptureAPIs apiPreference, FourCC fourcc, double fps, Size frameSize, bool isColor = true)
    {
        Check(WriterOpen(handle, fileName, (int)apiPreference, fourcc, fps, frameSize, isColor ? 1 : 0, out int opened));
        return opened != 0;
    }

    public bool IsOpened()
    {
        Check(WriterIsOpened(handle, out int opened));
        return opened != 0;
    }

    /// <summary>Appends a frame, BGR, of the size that the file was opened with.</summary>
    public void Write(InputArray image) => Check(WriterWrite(handle, image));

    /// <summary>Closes the file: what is written to it is complete only then.</summary>
    public void Release() => Check(WriterRelease(handle));

    public static int FourCC(char c1, char c2, char c3, char c4) =>
        (c1 & 255) | (c2 & 255) << 8 | (c3 & 255) << 16 | (c4 & 255) << 24;

    public static int FourCC(string code)
    {
        if (code.Length != 4) throw new ArgumentException($"A FourCC has four characters; '{code}' has {code.Length}.", nameof(code));
        return FourCC(code[0], code[1], code[2], code[3]);
    }

    public void Dispose()
    {
        handle.Dispose();
        GC.SuppressFinalize(this);
    }
}
