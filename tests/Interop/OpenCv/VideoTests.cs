using OpenCvSharp;
using Vision.Testing;

namespace Vision.Interop.Tests.OpenCv;

public class VideoTests
{
    [Fact]
    public void WrittenFramesAreReadAgain()
    {
        using TempFolder folder = new();
        string path = folder["grey.avi"];
        using (VideoWriter writer = new(path, VideoCaptureAPIs.FFMPEG, FourCC.FromString("MJPG"), 12.5, new Size(64, 48)))
        {
            Assert.True(writer.IsOpened());
            using Mat frame = new(48, 64, MatType.CV_8UC3);
            for (int i = 0; i < 5; i++) writer.Write(frame.SetTo(new Scalar(40 * i, 40 * i, 40 * i)));
        }

        using VideoCapture capture = new(path, VideoCaptureAPIs.FFMPEG);
        using Mat read = new();
        Assert.Equal((true, 64, 48, 5, 12.5), (capture.IsOpened(), capture.FrameWidth, capture.FrameHeight, capture.FrameCount, capture.Fps));
        for (int i = 0; i < 5; i++)
        {
            Assert.True(capture.Read(read));
            Assert.Equal(40 * i, Cv2.Mean(read).Val0, tolerance: 3);
        }
        Assert.False(capture.Read(read));
    }

    [Fact]
    public void FourCcIsFourBytes()
    {
        Assert.Equal(0x47504A4D, VideoWriter.FourCC("MJPG"));
        Assert.Equal(FourCC.FromFourChars('M', 'J', 'P', 'G'), FourCC.FromString("MJPG"));
    }
}
