using OpenCvSharp;
using Vision.Testing;

namespace Vision.Visualization.Tests;

public class ImagePipelineTests
{
    private static readonly string[] steps = ["decode", "predict", "draw", "write"];

    [Fact]
    public void ImagesComeOutDrawnAndInOrder()
    {
        List<(int, byte, int)> seen = [];
        ImagePipeline.Run(Images(30), (index, _) => 2 * index, (image, result) => image.SetTo(new Scalar(result, 0, 0)),
            (index, image, result) => seen.Add((index, image.Get<Vec3b>(0, 0).Item0, result)));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (i, (byte)(2 * i), 2 * i)), seen);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void AFailingStepEndsAllAndComesOut(int step)
    {
        List<Mat> made = [];
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => ImagePipeline.Run(
            Images(100, index => Fail(0, index), made), (index, _) => Fail(1, index), (_, index) => Fail(2, index),
            (index, _, _) => Fail(3, index)));
        Assert.Equal(steps[step], error.Message);
        Assert.InRange(made.Count, 10, 30);
        Assert.All(made, image => Assert.True(image.IsDisposed));

        int Fail(int at, int index) => at == step && index == 10 ? throw new InvalidOperationException(steps[at]) : index;
    }

    [Fact]
    public void WhereItIsCanceledWhatWasDecodedStillGoesThrough()
    {
        using CancellationTokenSource cancellation = new();
        int written = 0, predicted = 0;
        ImagePipeline.Run(Images(1000), (index, _) =>
        {
            predicted++;
            if (index == 5) cancellation.Cancel();
            return index;
        }, (_, _) => { }, (_, _, _) => written++, cancellation.Token);
        Assert.InRange(written, 6, 30);
        Assert.Equal(predicted, written);
    }

    [Fact]
    public void AModelCanCancelToo()
    {
        using CancellationTokenSource cancellation = new();
        cancellation.Cancel();
        List<Mat> made = [];
        Assert.Throws<OperationCanceledException>(() => ImagePipeline.Run(Images(100, made: made), (index, _) =>
        {
            cancellation.Token.ThrowIfCancellationRequested();
            return index;
        }, (_, _) => { }, (_, _, _) => { }));
        Assert.All(made, image => Assert.True(image.IsDisposed));
    }

    [Theory, InlineData(1), InlineData(3)]
    public void FewImagesAreThereAtATime(int slow)
    {
        List<Mat> made = [];
        int most = 0;
        ImagePipeline.Run(Images(60, made: made), (index, _) => { Wait(1); return index; }, (_, _) => { }, (_, _, _) =>
        {
            Wait(3);
            lock (made) most = Math.Max(most, made.Count(image => !image.IsDisposed));
        });
        // One in each of four steps, and two waiting between them.
        Assert.InRange(most, 2, 10);
        Assert.All(made, image => Assert.True(image.IsDisposed));

        void Wait(int step)
        {
            if (step == slow) Thread.Sleep(2);
        }
    }

    [Fact]
    public void AThousandImagesOf200SizesNeedTheMemoryOfFew()
    {
        const long Megabyte = 1 << 20;
        Go(100);
        long before = ResidentMemory.InUse();
        Go(1000);
        // All together would be 230 MB.
        Assert.InRange((ResidentMemory.InUse() - before) / Megabyte, -1000, 40);

        static void Go(int count) => ImagePipeline.Run(Enumerable.Range(0, count).Select(i => (i, Sized(100 + i % 200))), (_, image) =>
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            return Data.ImageTensor.From(image).mean().item<float>();
        }, (image, mean) => image.SetTo(new Scalar(255 * mean, 0, 0)), (_, _, _) => { });

        static Mat Sized(int side) => new(side, 2 * side, MatType.CV_8UC3, new Scalar(side % 256, 0, 0));
    }

    private static IEnumerable<(int, Mat)> Images(int count, Action<int>? making = null, List<Mat>? made = null)
    {
        for (int i = 0; i < count; i++)
        {
            making?.Invoke(i);
            Mat image = new(8, 8, MatType.CV_8UC3);
            if (made is not null) lock (made) made.Add(image);
            yield return (i, image);
        }
    }

    private static IEnumerable<(int, Mat)> Images(int count, Func<int, int> making, List<Mat> made) =>
        Images(count, index => { making(index); }, made);
}
