using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

/// <summary>A dry run passes every stage, and leaves nothing.</summary>
public class DryRunTests
{
    [Fact]
    public void Nothing_is_left_and_the_run_after_it_is_the_same()
    {
        using TempFolder folder = new();
        ClassificationDataset pictures = SmallPictures.Write(folder, 3);
        byte[][] weights = [.. new[] { false, true }.Select(dry =>
        {
            using ClassifierTraining training = ClassifierTraining.Prepare("resnet20_cifar", new(pictures, pictures),
                new() { Folder = folder[$"run-{dry}"], Epochs = 1, BatchSize = 4, Device = CPU });
            if (dry)
            {
                var stages = training.DryRun();
                Assert.Equal(["data", "step", "evaluation", "checkpoint", "read back", "plots"], stages.Select(stage => stage.Name));
                Assert.Equal("confusion.png, loss.png", stages[^1].What);
                Assert.False(Directory.Exists(folder["run-True"]));
            }
            return File.ReadAllBytes(training.Start(new Recorder()).Best);
        })];
        Assert.Equal(weights[0], weights[1]);
    }

    [Fact]
    public void What_fails_at_the_end_of_an_epoch_fails_now()
    {
        using TempFolder folder = new();
        ClassificationDataset pictures = SmallPictures.Write(folder, 3);
        using ClassifierTraining training = ClassifierTraining.Prepare("resnet20_cifar", new(pictures, pictures),
            new() { Folder = folder["run"], BatchSize = 4, Device = CPU, Callbacks = [new Failing()] });
        Assert.Equal("This callback fails.", Assert.Throws<NotSupportedException>(() => training.DryRun()).Message);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void The_extremes_are_among_the_images()
    {
        using TempFolder folder = new();
        DetectionDataset scenes = SmallScenes.Write(folder, 8);
        Targets largest = scenes.Samples[5] with { Width = 500 }, crowded = scenes.Samples[6] with
            { Objects = [.. scenes.Samples[6].Objects, .. scenes.Samples[5].Objects] }, empty = scenes.Samples[7] with { Objects = [] };
        DetectionDataset all = new()
        {
            Name = "all", Categories = scenes.Categories, Samples = [.. scenes.Samples.Take(5), largest, crowded, empty],
        };
        Assert.Equal([largest, crowded, empty, scenes.Samples[0]], FewImages.Of(new DataSplits<DetectionDataset>(all, all)).Train.Samples);
    }

    private sealed class Failing : TrainingCallback
    {
        public override void EpochEnded(TrainingRun run, EpochReport epoch) => throw new NotSupportedException("This callback fails.");
    }
}
