using OpenCvSharp;

namespace Vision.Visualization.Tests.Video;

public class FramePipelineTests
{
    [Fact]
    public void FramesComeOutDrawnAndInOrder()
    {
        List<byte> seen = [];
        FramePipeline.Run(Frames(30), (_, index) => index, (image, index) => image.SetTo(new Scalar(index + 1, 0, 0)),
            image => seen.Add(image.Get<Vec3b>(0, 0).Item0));
        Assert.Equal(Enumerable.Range(1, 30).Select(i => (byte)i), seen);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void AFailingStepEndsAllAndComesOut(int step)
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => FramePipeline.Run(
            Frames(100, failAt: step == 0 ? 10 : int.MaxValue),
            (_, index) => step == 1 && index == 10 ? throw new InvalidOperationException("predict") : index,
            (_, index) => { if (step == 2 && index == 10) throw new InvalidOperationException("draw"); },
            _ => { if (step == 3) throw new InvalidOperationException("encode"); }));
        Assert.Equal(((string[])["decode", "predict", "draw", "encode"])[step], error.Message);
    }

    [Fact]
    public void WhereItIsCanceledWhatWasDecodedStillGoesThrough()
    {
        using CancellationTokenSource cancellation = new();
        int encoded = 0, predicted = 0;
        FramePipeline.Run(Frames(1000), (_, index) =>
        {
            predicted++;
            if (index == 5) cancellation.Cancel();
            return index;
        }, (_, _) => { }, _ => encoded++, cancellation.Token);
        Assert.InRange(encoded, 6, 30);
        Assert.Equal(predicted, encoded);
    }

    private static IEnumerable<VideoFrame> Frames(int count, int failAt = int.MaxValue)
    {
        using Mat image = new(8, 8, MatType.CV_8UC3);
        for (int i = 0; i < count; i++)
        {
            if (i == failAt) throw new InvalidOperationException("decode");
            yield return new(i, TimeSpan.FromSeconds(i), image);
        }
    }
}
