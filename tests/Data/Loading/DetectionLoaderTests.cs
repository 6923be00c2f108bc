using OpenCvSharp;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Data.Tests.Loading;

public sealed class DetectionLoaderTests : IDisposable
{
    private const int Count = 10;

    private readonly TempFolder folder = new();
    private readonly DetectionDataset data;

    public DetectionLoaderTests()
    {
        List<Targets> samples = [];
        for (int i = 0; i < Count; i++)
        {
            using Mat image = Pictures.Noise(24 + i, 20, i);
            string file = folder.Write($"{i}.png", image.Encoded(".png"));
            samples.Add(new() { ImageId = i, File = file, Width = 24 + i, Height = 20,
                Objects = [new() { Id = i, Box = new(i, 1, i + 5, 9), Label = 1, Area = 40 }] });
        }
        data = new() { Name = "noise", Categories = [new(1, "noise")], Samples = samples };
    }

    public void Dispose() => folder.Dispose();

    private DetectionLoader Loader(int batchSize = 3, int workers = 2, int seed = 0, bool shuffle = true, int prefetch = 2) =>
        new(data, new()
    {
        BatchSize = batchSize,
        Workers = workers,
        Seed = seed,
        Shuffle = shuffle,
        Prefetch = prefetch,
        Transform = new Compose(new RandomHorizontalFlip(), new ColorJitter { Brightness = 0.5 }),
    });

    /// <summary>All that an epoch gives: the ids, boxes and pixel sums of each batch.</summary>
    private static List<string> Content(DetectionLoader loader, int epoch, int skip = 0)
    {
        List<string> content = [];
        foreach (DetectionBatch batch in loader.Epoch(epoch, skip))
        {
            using (batch)
            {
                Assert.Equal(batch.Images.Length, batch.Targets.Length);
                content.Add($"{batch.Index}: " + string.Join(", ", batch.Targets.Zip(batch.Images, (targets, image) =>
                {
                    Assert.Equal([3, targets.Height, targets.Width], image.shape);
                    using Tensor sum = image.sum();
                    return $"{targets.ImageId} {targets.Objects[0].Box} {sum.item<float>():R}";
                })));
            }
        }
        return content;
    }

    [Fact]
    public void ABatchHoldsImagesWithTheirTargets()
    {
        DetectionLoader loader = new(data, new() { BatchSize = 4, Shuffle = false });
        Assert.Equal(3, loader.BatchCount);
        List<long> ids = [];
        foreach (DetectionBatch batch in loader.Epoch(0))
        {
            using (batch)
            {
                ids.AddRange(batch.Targets.Select(targets => targets.ImageId));
                using Mat file = ImageFile.Read(batch.Targets[0].File);
                using Tensor expected = ImageTensor.From(file);
                Close.To(batch.Images[0], expected, 0);
            }
        }
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (long)i), ids);
    }

    [Fact]
    public void EpochsAndSeedsDifferAndWorkersDoNotMatter()
    {
        List<string> one = Content(Loader(workers: 1), 3);
        Assert.Equal(4, one.Count);
        Assert.Equal(one, Content(Loader(workers: 4, prefetch: 5), 3));
        Assert.NotEqual(one, Content(Loader(workers: 1), 4));
        Assert.NotEqual(one, Content(Loader(workers: 1, seed: 1), 3));
    }

    [Fact]
    public void EveryImageComesOnceInAnEpoch()
    {
        List<long> ids = [];
        foreach (DetectionBatch batch in Loader().Epoch(5))
        {
            using (batch) ids.AddRange(batch.Targets.Select(targets => targets.ImageId));
        }
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (long)i), ids.Order());
    }

    [Fact]
    public void AResumedEpochGivesTheSameRest()
    {
        List<string> whole = Content(Loader(), 2);
        Assert.Equal(whole[2..], Content(Loader(), 2, skip: 2));
        Assert.Empty(Content(Loader(), 2, skip: 4));
    }

    [Fact]
    public void NoMoreThanThePrefetchIsReady()
    {
        const int prefetch = 2;
        long before = Tensor.TotalCount;
        using IEnumerator<DetectionBatch> batches = Loader(batchSize: 2, workers: 4, prefetch: prefetch).Epoch(0).GetEnumerator();
        Assert.True(batches.MoveNext());
        SpinWait.SpinUntil(() => Tensor.TotalCount - before >= (prefetch + 1) * 2);
        // The workers have all the time they need to do too much.
        Thread.Sleep(100);
        Assert.Equal((prefetch + 1) * 2, Tensor.TotalCount - before);
        batches.Current.Dispose();
    }

    private sealed class Counting : IImageTransform
    {
        public int Calls;

        public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
        {
            Interlocked.Increment(ref Calls);
            Thread.Sleep(20);
            return (image, targets);
        }
    }

    [Fact]
    public void LeavingEarlyStopsTheWorkersAndFreesTensors() => LiveTensors.Unchanged(() =>
    {
        Counting counting = new();
        DetectionLoader loader = new(data, new() { BatchSize = 1, Workers = 3, Prefetch = 5, Transform = counting });
        foreach (DetectionBatch batch in loader.Epoch(0))
        {
            batch.Dispose();
            break;
        }
        int calls = counting.Calls;
        Thread.Sleep(100);
        Assert.Equal(calls, counting.Calls);
        Assert.InRange(calls, 1, 6);
    });

    [Fact]
    public void AWholeEpochLeavesNothing() => LiveTensors.Unchanged(() => Content(Loader(), 0));

    [Fact]
    public void TheCallersScopeDoesNotOwnTheImages()
    {
        DetectionBatch? kept = null;
        using (var scope = NewDisposeScope())
        {
            foreach (DetectionBatch batch in Loader(batchSize: Count).Epoch(0)) kept = batch;
        }
        Assert.False(kept!.Images[0].IsInvalid);
        kept.Dispose();
    }

    [Fact]
    public void AnUnreadableImageIsLeftOutAndNamedOnce()
    {
        File.WriteAllText(data.Samples[4].File, "no image any more");
        File.Delete(data.Samples[5].File);
        DetectionLoader loader = Loader(batchSize: 2, shuffle: false);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            // Images 4 and 5 are a batch of their own, which is left out whole.
            List<int> indices = [];
            foreach (DetectionBatch batch in loader.Epoch(epoch))
            {
                using (batch) indices.Add(batch.Index);
            }
            Assert.Equal([0, 1, 3, 4], indices);
        }
        Assert.Equal([
            $"{data.Samples[4].File}: not an image that can be decoded (JPEG, PNG, BMP, TIFF or WebP is expected); convert it or remove " +
                "it.",
            $"{data.Samples[5].File}: no such image; check the path.",
        ], loader.Report.Problems.Select(problem => problem.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AnImageOfAnotherSizeThanItsTargetsIsLeftOut()
    {
        folder.WritePlain("3.png", 10, 10);
        DetectionLoader loader = Loader(batchSize: Count);
        foreach (DetectionBatch batch in loader.Epoch(0))
        {
            using (batch) Assert.Equal(Count - 1, batch.Images.Length);
        }
        Assert.Equal($"{folder["3.png"]}: the image is 10×10, but was 27×20 when the data set was read; put it back or annotate it again.",
            Assert.Single(loader.Report.Problems).ToString());
    }

    [Fact]
    public void WhereNoImageIsReadableTheEpochSaysSo()
    {
        foreach (Targets sample in data.Samples) File.WriteAllText(sample.File, "");
        string message = Assert.Throws<InputException>(() => Content(Loader(workers: 1, shuffle: false), 0)).Message;
        Assert.Equal(
            $"noise: none of its images could be read; the first: {data.Samples[0].File}: the file is empty; copy it again or remove it.",
            message);
    }

    private sealed class Faulty : IImageTransform
    {
        public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random) =>
            targets.ImageId == 5 ? throw new InvalidOperationException("this transform is wrong") : (image, targets);
    }

    [Fact]
    public void AFaultInAWorkerComesOutWithItsFile() => LiveTensors.Unchanged(() =>
    {
        DetectionLoader loader = new(data, new() { BatchSize = 2, Shuffle = false, Transform = new Faulty() });
        int batches = 0;
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (DetectionBatch batch in loader.Epoch(0))
            {
                batch.Dispose();
                batches++;
            }
        });
        Assert.Equal($"{data.Samples[5].File}: loading this image failed: this transform is wrong", exception.Message);
        Assert.Equal(2, batches);
    });

    private sealed class Misused : IImageTransform
    {
        public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random) =>
            throw new InputException("this option is wrong");
    }

    /// <summary>The image is in order: nothing is reported of it.</summary>
    [Fact]
    public void AMistakeInATransformIsNoUnreadableImage() => LiveTensors.Unchanged(() =>
    {
        DetectionLoader loader = new(data, new() { BatchSize = 2, Shuffle = false, Transform = new Misused() });
        Assert.Equal("this option is wrong", Assert.Throws<InputException>(() => loader.Epoch(0).First()).Message);
        Assert.Empty(loader.Report.Problems);
    });

    /// <summary>Cancels while the first image is loaded.</summary>
    private sealed class Cancelling(CancellationTokenSource source) : IImageTransform
    {
        public int Calls;

        public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
        {
            if (Interlocked.Increment(ref Calls) == 1) source.Cancel();
            // Whoever waits for the batch has all the time it needs to notice.
            Thread.Sleep(100);
            return (image, targets);
        }
    }

    [Fact]
    public void ACanceledWaitEndsBeforeTheBatchIsLoaded() => LiveTensors.Unchanged(() =>
    {
        using CancellationTokenSource cancellation = new();
        Cancelling cancelling = new(cancellation);
        DetectionLoader loader = new(data, new() { BatchSize = Count, Workers = 1, Transform = cancelling });
        Assert.ThrowsAny<OperationCanceledException>(() => loader.Epoch(0, 0, cancellation.Token).Count());
        Assert.InRange(cancelling.Calls, 1, Count - 1);
    });

    [Fact]
    public void ImpossibleSettingsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Loader(batchSize: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loader(workers: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loader(prefetch: 0));
    }
}
