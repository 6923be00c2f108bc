using Vision.Data;
using Vision.Detection;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

/// <summary>The memory of a run is known before, and finding it out changes nothing.</summary>
public class MemoryCertificateTests
{
    [SkippableFact]
    public void The_run_after_it_is_the_same_to_the_bit()
    {
        Skip.IfNot(ProcessMemory.IsMeasurable);
        using TempFolder folder = new();
        ClassificationDataset pictures = SmallPictures.Write(folder, 3);
        byte[][] weights = [.. new[] { false, true }.Select(measured =>
        {
            using ClassifierTraining training = ClassifierTraining.Prepare("resnet20_cifar", new(pictures, pictures), new()
            {
                Folder = folder[$"run-{measured}"], Epochs = 1, BatchSize = 4, Device = CPU, AverageDecay = 0.9,
            });
            if (measured)
            {
                using Tensor before = get_rng_state();
                MemoryCertificate certificate = training.Certify()!;
                using Tensor after = get_rng_state();
                Assert.True(before.Equals(after));
                Assert.True(certificate is { Fits: true, BatchSize: 4, LargestBatch: > 4, ImageSize: (32, 32) });
                Assert.True(certificate.Needed < certificate.Limit);
            }
            return File.ReadAllBytes(training.Start(new Recorder()).Files.Last);
        })];
        Assert.Equal(weights[0], weights[1]);
    }

    [SkippableFact]
    public void A_model_is_untouched()
    {
        Skip.IfNot(ProcessMemory.IsMeasurable);
        using TempFolder folder = new();
        DetectionDataset scenes = SmallScenes.Write(folder, 4);
        using var scope = NewDisposeScope();
        DetectorOptions options = new() { NumClasses = 3, MinSize = 64, MaxSize = 96 };
        using Detector detector = DetectorCatalog.Create("fasterrcnn_resnet18_fpn", options);
        detector.eval();
        detector.parameters().First().requires_grad = false;
        DetectionTask task = new(detector, new(scenes, new() { BatchSize = 2 }), scenes,
            new() { Model = "fasterrcnn_resnet18_fpn", Categories = scenes.Categories, Options = options });
        var before = detector.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        new MemoryProbe<DetectionBatch>(task, new() { Folder = "", FreezeStages = 1 }).Measure(2);
        foreach (var (name, value) in detector.state_dict()) Assert.True(value.Equals(before[name]), name);
        Assert.All(detector.modules(), module => Assert.False(module.training));
        Assert.All(detector.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.Equal(detector.parameters().Count() - 1, detector.parameters().Count(parameter => parameter.requires_grad));
    }

    [SkippableFact]
    public void The_peak_is_as_predicted()
    {
        Skip.IfNot(ProcessMemory.IsMeasurable);
        using TempFolder folder = new();
        ClassificationDataset pictures = SmallPictures.Write(folder, 16, side: 128);
        using ClassifierTraining training = ClassifierTraining.Prepare("resnet18", new(pictures, pictures),
            new() { Folder = folder["run"], Epochs = 1, BatchSize = 16, Size = 128, Device = CPU });
        long needed = training.Certify()!.Needed;
        ProcessMemory.ForgetPeak();
        training.Start(new Recorder());
        Assert.InRange((double)needed / ProcessMemory.Peak, 0.8, 1.25);
    }

    [SkippableFact]
    public void The_largest_batch_is_taken_and_kept_when_resuming()
    {
        Skip.IfNot(ProcessMemory.IsMeasurable);
        using TempFolder folder = new();
        ClassificationDataset pictures = SmallPictures.Write(folder, 10);
        ClassifierTrainingOptions options = new() { Folder = folder["run"], Epochs = 1, AutoBatchSize = true, Device = CPU };
        using (ClassifierTraining training = ClassifierTraining.Prepare("resnet20_cifar", new(pictures, pictures), options))
        {
            training.Start(new Recorder());
            Assert.Equal(3, training.Loader.BatchSize);                            // a tenth of 30 images
            Assert.Equal(0.02 * 3 / 32, training.Recipe.LearningRate, 1e-12);
        }
        using ClassifierTraining again =
            ClassifierTraining.Prepare("resnet20_cifar", new(pictures, pictures), options with { Resume = true });
        Assert.Equal(3, again.Loader.BatchSize);
        Assert.True(again.Start(new Recorder()).Finished);
        Assert.StartsWith("BatchSize is 4, and AutoBatchSize chooses one", Assert.Throws<InputException>(() =>
            ClassifierTraining.Prepare("resnet20_cifar", new(pictures, pictures), options with { BatchSize = 4 })).Message);
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd, 9, 0.09)]
    [InlineData(OptimizerKind.AdamW, 9, 0.03)]
    public void Rates_follow_the_batch(OptimizerKind optimizer, int times, double expected)
    {
        AutoBatch auto = new(4, new() { Folder = "", Optimizer = optimizer, LearningRate = 0.01 }, scales: true, images: 10_000);
        Assert.Equal(expected, auto.RateAt(4 * times), 1e-12);
        Assert.Equal([5, 32], new[] { 5, 500 }.Select(auto.Of));
        Assert.Equal(0.01, new AutoBatch(4, new() { Folder = "", LearningRate = 0.01 }, scales: false, images: 100).RateAt(400));
    }

    [Fact]
    public void The_largest_batch_is_the_last_that_fits()
    {
        MemoryUse use = new() { Images = 2, Training = 1000, PerImage = 10, Evaluation = 900, Kept = 50, BytesAhead = batch => 3 * batch };
        Assert.Equal(1050 + 6, use.At(2));
        Assert.Equal(1050 + 130 + 45, use.At(15));
        Assert.Equal(15, use.LargestBatch(use.At(15)));
        Assert.Equal(14, use.LargestBatch(use.At(15) - 1));
        Assert.Equal(0, use.LargestBatch(1000));
    }

    [Fact]
    public void Images_padded_to_each_other_are_expected()
    {
        using TempFolder folder = new();
        DetectionDataset scenes = SmallScenes.Write(folder, 2);
        DetectionDataset both = new()
        {
            Name = "both", Categories = scenes.Categories,
            Samples = [scenes.Samples[0] with { Width = 640, Height = 480 }, scenes.Samples[1] with { Width = 480, Height = 640 }],
        };
        LargestDetectorInput input = new(LoadedImages.OfSizes([(640, 480), (480, 640)]), both,
            new() { NumClasses = 3, MinSize = 480, MaxSize = 800, TrainMinSizes = [96, 480, 128] }, DetectorTask.Detection, mixed: 4);
        Assert.Equal((2, (640, 640)), (input.LeastImages, input.Size));
        using DetectionBatch batch = input.Example(3);
        Assert.Equal([8, 8, 8], batch.Targets.Select(targets => targets.Objects.Count));
        manual_seed(input.Seed()).Dispose();
        Assert.Equal([1, 1], new[] { 0, 1 }.Select(_ => (int)(rand(1).item<float>() * 3)));
    }
}
