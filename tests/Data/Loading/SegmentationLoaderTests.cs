using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Data.Tests.Loading;

public sealed class SegmentationLoaderTests : IDisposable
{
    private const int Count = 7;

    private readonly TempFolder folder = new();
    private readonly SegmentationDataset data;

    /// <summary>Images of several sizes, whose red is 50 times the class.</summary>
    public SegmentationLoaderTests()
    {
        List<SegmentationSample> samples = [];
        for (int i = 0; i < Count; i++)
        {
            int width = 20 + i, own = i;
            string file = folder.WriteColorMask($"{i}.png", width, 16, (x, y) => ((byte)(50 * Class(x, y, own)), 9, 9)),
                mask = folder.WriteMask($"{i}_mask.png", width, 16, (x, y) => Class(x, y, own));
            samples.Add(new() { File = file, MaskFile = mask, Values = MaskValues.Plain(4) });
        }
        data = new() { Name = "steps", Categories = [new(0, "a"), new(1, "b"), new(2, "c"), new(3, "d")], Samples = samples };
    }

    public void Dispose() => folder.Dispose();

    // Class 3 is in the first image alone.
    private static int Class(int x, int y, int image) => x < 3 && image == 0 ? 3 : (x / 5 + y / 6 + image) % 3;

    private static List<string> Content(SegmentationLoader loader, int epoch, int skip = 0)
    {
        List<string> content = [];
        foreach (SegmentationBatch batch in loader.Epoch(epoch, skip))
        {
            using (batch)
            using (var scope = NewDisposeScope())
            {
                for (int i = 0; i < batch.Images.Length; i++)
                {
                    Assert.Equal(batch.Images[i].shape[1..], batch.Labels[i].shape);
                    Assert.Equal(ScalarType.Byte, batch.Labels[i].dtype);
                    byte[] labels = batch.Labels[i].bytes.ToArray();
                    float[] red = [.. batch.Images[i].select(0, 0).contiguous().data<float>()];
                    // Nothing that these transforms do makes a new color.
                    Assert.All(labels.Zip(red), entry =>
                        Assert.Equal(entry.First == SegmentationMap.Ignore ? 0 : 50 * entry.First / 255f, entry.Second, 1e-6f));
                    content.Add(
                        $"{batch.Index} {Path.GetFileName(batch.Files[i])} {labels.Sum(value => value)} {string.Concat(labels.Take(40))}");
                }
            }
        }
        return content;
    }

    [Fact]
    public void ABatchHoldsImagesOfAnySizeWithTheirClasses()
    {
        SegmentationLoader loader = new(data, new() { BatchSize = 3, Shuffle = false });
        Assert.Equal((3, Count), (loader.BatchCount, loader.Dataset.Samples.Count));
        List<string> content = Content(loader, 0);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i / 3} {i}.png"),
            content.Select(line => string.Join(' ', line.Split(' ')[..2])));
        Assert.Empty(loader.Report.Problems);
    }

    [Fact]
    public void BatchesDependOnSeedAndEpochAlone()
    {
        SegmentationLoader Loader(int workers, int seed = 0, ISampleMixing? mixing = null) => new(data,
            new() { BatchSize = 2, Workers = workers, Seed = seed,
                Transform = new Compose(new RandomHorizontalFlip(), new FixedSizeCrop { Width = 18, Height = 20 }) }, mixing);
        List<string> one = Content(Loader(1), 2);
        Assert.Equal(one, Content(Loader(3), 2));
        Assert.Equal(one[4..], Content(Loader(2), 2, skip: 2));
        Assert.NotEqual(one, Content(Loader(1), 3));
        Assert.NotEqual(one, Content(Loader(1, seed: 1), 2));
    }

    [Fact]
    public void UnusableMasksAreNamedWithTheirImages()
    {
        string first = data.Samples[0].File, second = data.Samples[1].File;
        folder.WriteMask("0_mask.png", 20, 16, (_, _) => 4);
        folder.WriteMask("1_mask.png", 5, 5, (_, _) => 1);
        SegmentationLoader loader = new(data, new() { BatchSize = 3, Shuffle = false, Workers = 1 });
        Assert.Equal(Count - 2, Content(loader, 0).Count);
        Assert.Equal(
        [
            $"{first}: its mask {folder["0_mask.png"]} holds 4 (320 pixels), which is not a class; " +
                "correct the mask or the list of classes.",
            $"{second}: the image is 21×16, but its mask {folder["1_mask.png"]} is 5×5; draw the mask at the image's size.",
        ], loader.Report.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void ImagesOfRareClassesComeMoreOften()
    {
        File.Delete(folder["6_mask.png"]);
        SegmentationLoader loader = new(data, new() { BatchSize = 1, RepeatThreshold = 1, Shuffle = false });
        // The first image has the class that one of seven has: √7 rounds to 2 or 3 times.
        string[] names = [.. Content(loader, 0).Select(line => line.Split(' ')[1])];
        Assert.InRange(names.Count(name => name == "0.png"), 2, 3);
        Assert.All(names.Where(name => name != "0.png").CountBy(name => name), entry => Assert.InRange(entry.Value, 1, 2));
        Assert.Equal(DatasetProblemKind.UnreadableImage, Assert.Single(loader.Report.Problems).Kind);
    }

    [Fact]
    public void AMosaicOfMapsIsMade()
    {
        SegmentationLoader loader = new(data, new() { BatchSize = 2 }, new Mosaic { Size = 32, LeastScale = 1, GreatestScale = 1 });
        foreach (SegmentationBatch batch in loader.Epoch(0))
            using (batch) Assert.All(batch.Labels, labels => Assert.Equal([32, 32], labels.shape));
    }

    [Fact]
    public void NoTensorStays()
    {
        SegmentationLoader loader = new(data, new() { BatchSize = 2 });
        LiveTensors.Unchanged(() =>
        {
            foreach (SegmentationBatch batch in loader.Epoch(0))
            {
                batch.Dispose();
                break;
            }
            Content(loader, 1);
        });
        // A scope of the loop's does not take what the batch owns.
        using SegmentationBatch kept = First(loader);
        Assert.Equal(2, kept.Labels[0].dim());
    }

    private static SegmentationBatch First(SegmentationLoader loader)
    {
        using var scope = NewDisposeScope();
        return loader.Epoch(0).First();
    }
}
