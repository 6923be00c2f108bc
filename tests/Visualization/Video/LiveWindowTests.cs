using OpenCvSharp;

namespace Vision.Visualization.Tests.Video;

public class LiveWindowTests
{
    [Theory, InlineData(8, 6, 8, 6), InlineData(2560, 720, 1280, 360)]
    public void RedStaysRedAndLargeFramesAreReduced(int width, int height, int shownWidth, int shownHeight)
    {
        using Mat red = new(height, width, MatType.CV_8UC3, new Scalar(250, 20, 10));    // RGB
        using Mat shown = LiveWindow.Shown(red);
        Assert.Equal(new Size(shownWidth, shownHeight), shown.Size());
        Assert.Equal(new Vec3b(10, 20, 250), shown.Get<Vec3b>(1, 1));                    // BGR, as OpenCV shows it
    }
}
