using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Data.Tests.Loading;

public sealed class ClassificationLoaderTests
{
    private static ClassificationDataset Data(int count, Func<int, (int Width, int Height)>? size = null) => new()
    {
        Name = "noise",
        Categories = [new(0, "even"), new(1, "odd")],
        Samples =
        [
            .. Enumerable.Range(0, count).Select(i => new LabeledImage
            {
                Name = $"picture {i}",
                Label = i % 2,
                Read = () => i == 3 ? throw new InputException("picture 3: gone; put it back.")
                    : Pictures.Noise(size?.Invoke(i).Width ?? 8, size?.Invoke(i).Height ?? 6, i),
            }),
        ],
    };

    private static List<string> Content(ClassificationLoader loader, int epoch, int skip = 0)
    {
        List<string> content = [];
        foreach (ClassificationBatch batch in loader.Epoch(epoch, skip))
        {
            using (batch)
            using (var scope = NewDisposeScope())
                content.Add(
                    $"{batch.Index} {string.Join(',', batch.Names)} {batch.Images.sum().item<float>():R} " +
                    $"{(batch.Targets.to(float32) * 1.5).sum().item<float>():R}");
        }
        return content;
    }

    [Fact]
    public void ABatchHoldsImagesAndLabelsAndNamesWhatItLacks()
    {
        ClassificationLoader loader = new(Data(7), new() { BatchSize = 4, Shuffle = false });
        List<long[]> labels = [];
        foreach (ClassificationBatch batch in loader.Epoch(0))
        {
            using (batch)
            {
                Assert.Equal([batch.Names.Count, 3, 6, 8], batch.Images.shape);
                labels.Add([.. batch.Targets.data<long>()]);
            }
        }
        Assert.Equal([[0, 1, 0], [0, 1, 0]], labels);
        Assert.Equal("picture 3: gone; put it back.", Assert.Single(loader.Report.Problems).ToString());
    }

    [Fact]
    public void BatchesDependOnSeedAndEpochAloneMixingIncluded()
    {
        ClassificationLoader Loader(int workers, int seed = 0) => new(Data(20),
            new() { BatchSize = 4, Workers = workers, Seed = seed,
                Transform = new Compose(new RandomPaddedCrop(6, 2), new RandomHorizontalFlip(), new RandAugment()) },
            new() { MixupAlpha = 0.4, CutMixAlpha = 1 });
        List<string> one = Content(Loader(1), 2);
        Assert.Equal(one, Content(Loader(3), 2));
        Assert.Equal(one[2..], Content(Loader(2), 2, skip: 2));
        Assert.NotEqual(one, Content(Loader(1), 3));
        Assert.NotEqual(one, Content(Loader(1, seed: 1), 2));
    }

    [Fact]
    public void ImagesOfDifferentSizesAreRefusedAndNoTensorStays()
    {
        ClassificationLoader loader = new(Data(3, i => (8 + i, 6)), new() { BatchSize = 3, Shuffle = false, Workers = 1 });
        long before = Tensor.TotalCount;
        Assert.Equal("picture 1 is 9×6, and picture 0 8×6: the images of a batch must have the same size; end the transform with a crop.",
            Assert.Throws<ArgumentException>(() => Content(loader, 0)).Message);
        Assert.Equal(before, Tensor.TotalCount);
        LiveTensors.Unchanged(() => Content(new(Data(3), new() { BatchSize = 2 }, new() { CutMixAlpha = 1 }), 0));
    }
}
