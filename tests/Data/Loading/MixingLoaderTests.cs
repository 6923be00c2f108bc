using OpenCvSharp;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Data.Tests.Loading;

public sealed class MixingLoaderTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly DetectionDataset data;

    public MixingLoaderTests()
    {
        // Class 1 is in every image, class 2 in one of twelve.
        data = new()
        {
            Name = "noise",
            Categories = [new(1, "usual"), new(2, "rare")],
            Samples = [.. Enumerable.Range(0, 12).Select(i =>
            {
                using Mat image = Pictures.Noise(24 + i, 20, i);
                return new Targets
                {
                    ImageId = i, File = folder.Write($"{i}.png", image.Encoded(".png")), Width = 24 + i, Height = 20,
                    Objects = [.. Enumerable.Range(1, i == 5 ? 2 : 1)
                        .Select(label => new Annotation { Id = 2 * i + label, Box = new(i, 1, i + 5, 9), Label = label, Area = 40 })],
                };
            })],
        };
    }

    public void Dispose() => folder.Dispose();

    private List<string> Content(int epoch, int workers = 2, int skip = 0, double? repeat = null, ISampleMixing? mixing = null)
    {
        List<string> content = [];
        DetectionLoader loader = new(data,
            new() { BatchSize = 4, Workers = workers, Seed = 3, RepeatThreshold = repeat, Transform = new RandomHorizontalFlip() }, mixing);
        foreach (DetectionBatch batch in loader.Epoch(epoch, skip))
        {
            using (batch)
                content.AddRange(batch.Targets.Zip(batch.Images, (targets, image) =>
                {
                    using Tensor sum = image.sum();
                    return $"{targets.ImageId} {string.Join(' ', targets.Objects.Select(item => $"{item.Id} {item.Box}"))} " +
                        $"{sum.item<float>():R}";
                }));
        }
        return content;
    }

    [Fact]
    public void MixedBatchesDependOnSeedAndEpochAlone() => LiveTensors.Unchanged(() =>
    {
        ISampleMixing mixing = new SequentialMixing(new Mosaic { Size = 32 }, new DetectionMixup());
        List<string> one = Content(1, workers: 1, mixing: mixing);
        Assert.Equal(12, one.Count);
        Assert.Equal(one, Content(1, workers: 4, mixing: mixing));
        Assert.Equal(one[8..], Content(1, skip: 2, mixing: mixing));
        Assert.NotEqual(one, Content(2, mixing: mixing));
    });

    [Fact]
    public void AnotherSampleThatCannotBeReadIsReplaced()
    {
        File.WriteAllText(data.Samples[7].File, "");
        DetectionLoader loader = new(data, new() { BatchSize = 12 }, new Mosaic { Size = 32 });
        foreach (DetectionBatch batch in loader.Epoch(0))
        {
            using (batch) Assert.Equal(11, batch.Images.Length);
        }
        Assert.Equal(data.Samples[7].File, Assert.Single(loader.Report.Problems).File);
    }

    [Fact]
    public void RareClassesComeMoreOftenWithChangesOfTheirOwn()
    {
        // The rare class is in 1/12 of the images: its factor at a threshold of 3/4 is √9 = 3.
        DetectionLoader loader = new(data, new() { BatchSize = 4, RepeatThreshold = 0.75 });
        Assert.Equal(4, loader.BatchCount);
        List<string> content = Content(0, repeat: 0.75);
        Assert.Equal(14, content.Count);
        Assert.Equal(3, content.Count(line => line.StartsWith("5 ", StringComparison.Ordinal)));
        Assert.Equal(12, content.Select(line => line.Split(' ')[0]).Distinct().Count());
        Assert.Equal(content, Content(0, workers: 1, repeat: 0.75));
        // Mirrored or not, by chances of their own.
        Assert.Contains(Enumerable.Range(0, 6), epoch =>
            Content(epoch, repeat: 0.75).Where(line => line.StartsWith("5 ", StringComparison.Ordinal)).Distinct().Count() > 1);
    }

    [Fact]
    public void FactorsAreThoseOfLvis()
    {
        double[] factors = RepeatFactors.Of([[1], [1, 2], [1, 1, 3], [1], []], 0.4);
        Assert.Equal([1, Math.Sqrt(2), Math.Sqrt(2), 1, 1], factors);
        double[] many = [1, 1.5, 2.25, 1.3, 1.7, 1, 3.6];
        int[] sums = new int[many.Length];
        Random random = new(0);
        for (int epoch = 0; epoch < 4000; epoch++)
        {
            int[] counts = RepeatFactors.Draw(many, random);
            Assert.Equal(RepeatFactors.Length(many), counts.Sum());
            for (int i = 0; i < counts.Length; i++)
            {
                Assert.InRange(counts[i], Math.Floor(many[i]), Math.Ceiling(many[i]));
                sums[i] += counts[i];
            }
        }
        // The sum of the fractions, 2.35, is rounded to 2: each is met that much less often.
        for (int i = 0; i < many.Length; i++)
            Assert.Equal(Math.Floor(many[i]) + (many[i] - Math.Floor(many[i])) * 2 / 2.35, sums[i] / 4000.0, 0.04);
        Assert.Throws<ArgumentOutOfRangeException>(() => RepeatFactors.Of([[1]], 0));
    }
}
