using OpenCvSharp;
using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Segmentation.Tests;

public class VideoTests
{
    [Fact]
    public void NoiseOfAStillVideoIsAveragedAway()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using Mat frame = Scene(0);
        using FlowSmoother smoother = new();
        using FlickerMeter raw = new(), smooth = new();
        for (int i = 0; i < 12; i++)
        {
            Tensor noisy = (Truth(0) + 0.8 * randn(2, 60, 80)).softmax(0);
            raw.Add(frame, SegmenterViews.MapOf(noisy));
            smooth.Add(frame, SegmenterViews.MapOf(smoother.Smooth(frame, noisy)));
        }
        Assert.True(smooth.Value < 0.5 * raw.Value, $"Flicker fell from {raw.Value} to {smooth.Value} only.");
        Assert.True(raw.Value > 0.1);
    }

    [Fact]
    public void ProbabilitiesFollowWhatMoves()
    {
        using var scope = NewDisposeScope();
        using FlowSmoother smoother = new();
        using Mat first = Scene(0), second = Scene(4);
        Tensor sure = Truth(0).softmax(0);
        Close.To(smoother.Smooth(first, sure), sure, 0, "the first frame");
        // The second frame's own opinion is no opinion: what is there comes from the first, moved.
        Tensor smoothed = smoother.Smooth(second, ones(2, 60, 80) / 2);
        Tensor inside = smoothed[1].narrow(0, 20, 20).narrow(1, 30, 14), moved = Truth(4).softmax(0)[1].narrow(0, 20, 20).narrow(1, 30, 14);
        Assert.True(((inside - 0.5) * (moved - 0.5)).gt(0).to(float32).mean().item<float>() > 0.95,
            "The object did not take its class along.");
        Close.To(smoothed.sum(0, false), ones(60, 80), 1e-5, "sums");
    }

    [Fact]
    public void AfterACutOrAnotherSizeAFrameCountsForItself()
    {
        using var scope = NewDisposeScope();
        using FlowSmoother smoother = new();
        using Mat black = new(60, 80, MatType.CV_8UC3, new Scalar(0, 0, 0)),
            white = new(60, 80, MatType.CV_8UC3, new Scalar(255, 255, 255)),
            small = new(30, 40, MatType.CV_8UC3, new Scalar(9, 9, 9));
        Tensor own = rand(3, 60, 80).softmax(0);
        smoother.Smooth(black, rand(3, 60, 80).softmax(0));
        Close.To(smoother.Smooth(white, own), own, 1e-6, "after a cut");
        Tensor other = rand(3, 30, 40).softmax(0);
        Close.To(smoother.Smooth(small, other), other, 0, "of another size");
    }

    [Fact]
    public void NothingIsKeptButOneFrame()
    {
        using Mat frame = Scene(0);
        using FlowSmoother smoother = new();
        void Step()
        {
            using var scope = NewDisposeScope();
            smoother.Smooth(frame, Truth(0).softmax(0));
        }
        Step();
        LiveTensors.Unchanged(() =>
        {
            for (int i = 0; i < 5; i++) Step();
        });
    }

    [Fact]
    public void FlickerCountsStillPixelsAlone()
    {
        using FlickerMeter meter = new();
        using Mat gray = new(2, 40, MatType.CV_8UC3, new Scalar(100, 100, 100)), half = gray.Clone();
        half[new Rect(20, 0, 20, 2)].SetTo(new Scalar(250, 250, 250));
        byte[] first = new byte[80], second = new byte[80];
        second[0] = 1;                                      // still
        second[39] = 1;                                     // the image changed there
        second[1] = first[2] = SegmentationMap.Ignore;
        Assert.Equal(-1, meter.Value);
        meter.Add(gray, new(40, 2, first));
        meter.Add(half, new(40, 2, second));
        Assert.InRange(meter.Value, 1 / 40.0, 1 / 28.0);
    }

    // A textured square on a textured ground, and where it is: class 1.
    private static Mat Scene(int shift)
    {
        Mat ground = Texture(60, 80, 1), thing = Texture(30, 30, 2);
        Cv2.ConvertScaleAbs(thing, thing, 0.5, 120);
        using (thing)
        {
            using Mat place = ground[new Rect(20 + shift, 15, 30, 30)];
            thing.CopyTo(place);
        }
        return ground;
    }

    private static Mat Texture(int height, int width, int seed)
    {
        Mat image = new(height, width, MatType.CV_8UC3);
        new Random(seed).NextBytes(image.AsSpan<byte>());
        Cv2.GaussianBlur(image, image, new OpenCvSharp.Size(7, 7), 2);
        return image;
    }

    private static Tensor Truth(int shift)
    {
        Tensor logits = zeros(2, 60, 80);
        logits[0].fill_(1);
        logits[1].narrow(0, 15, 30).narrow(1, 20 + shift, 30).fill_(2);
        return logits;
    }
}
