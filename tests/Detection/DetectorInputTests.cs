using Vision.Ops;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class DetectorInputTests
{
    private static readonly DetectorOptions options = new() { NumClasses = 2, MinSize = 200, MaxSize = 320 };

    [SkippableFact]
    public void ImagesAreNormalizedResizedAndPaddedAsByTorchvision()
    {
        using var scope = NewDisposeScope();
        Tensor[] images = [Parts.Get("picture.0"), Parts.Get("picture.1"), Parts.Get("picture.2")];
        ImageBatch batch = new DetectorInput(options).ForPrediction(images, CPU);
        // libtorch's releases round the place of a sample differently, by some hundred-thousandths of a pixel; the pictures are noise.
        Close.To(batch.Pixels, Parts.Get("batch"), 5e-5);
        long[] expected = Parts.Get("batch.sizes").reshape(-1).ToHost<long>();
        Assert.Equal(expected, batch.Sizes.SelectMany(size => new long[] { size.Height, size.Width }));
        Assert.Equal([new(301, 400), new(97, 113), new(60, 201)], batch.OriginalSizes);
    }

    [SkippableFact]
    public void SizesAreRoundedAsByTorchvision()
    {
        var input = new DetectorInput(options);
        long[][] given = [.. Parts.Get("sizes.given").ToHost<long>().Chunk(2)];
        long[][] resized = [.. Parts.Get("sizes.resized").ToHost<long>().Chunk(2)];
        foreach (var (size, expected) in given.Zip(resized))
        {
            using var scope = NewDisposeScope();
            ImageSize actual = Assert.Single(input.ForPrediction([zeros(3, size[0], size[1])], CPU).Sizes);
            Assert.Equal(new ImageSize((int)expected[0], (int)expected[1]), actual);
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void ImagesOfBytesGiveTheSame(bool channelsLast)
    {
        using var scope = NewDisposeScope();
        var input = new DetectorInput(options with { ChannelsLast = channelsLast });
        Tensor[] bytes = [randint(0, 256, [3, 30, 50], uint8), randint(0, 256, [3, 61, 40], uint8)];
        ImageBatch actual = input.ForPrediction(bytes, CPU), expected = input.ForPrediction([.. bytes.Select(image => image / 255f)], CPU);
        Close.To(actual.Pixels, expected.Pixels, 0);
        Assert.Equal(channelsLast ? 1 : actual.Pixels.shape[2] * actual.Pixels.shape[3], actual.Pixels.stride(1));
    }

    [Fact]
    public void TrainingDrawsTheScaleOfEachImage()
    {
        using var scope = NewDisposeScope();
        var input = new DetectorInput(options with { TrainMinSizes = [64, 96], MaxSize = 1000 });
        random.manual_seed(1);
        ImageBatch batch = input.ForTraining([.. Enumerable.Range(0, 32).Select(_ => zeros(3, 32, 32))], CPU);
        Assert.Equal([64, 96], batch.Sizes.Select(size => size.Height).Distinct().Order());
        Assert.Equal([32, 3, 96, 96], batch.Pixels.shape);
    }

    [Fact]
    public void AnImageOfAnotherShapeOrTypeIsNamed()
    {
        using var scope = NewDisposeScope();
        var input = new DetectorInput(options);
        Assert.StartsWith("Image 1 is Float32 [1, 8, 8]; expected Float32 [3, H, W]",
            Assert.Throws<ArgumentException>(() => input.ForPrediction([zeros(3, 8, 8), zeros(1, 8, 8)], CPU)).Message);
        Assert.StartsWith("Image 0 is Int64 [3, 8, 8]; expected Float32",
            Assert.Throws<ArgumentException>(() => input.ForPrediction([zeros(3, 8, 8, int64)], CPU)).Message);
        Assert.Throws<ArgumentException>(() => input.ForPrediction([], CPU));
    }
}
