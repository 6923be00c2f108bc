using Vision.Data;
using Vision.Segmentation;
using Vision.Testing;
using Vision.Weights;

namespace Vision.Training.Tests;

/// <summary>A run is resumed only with the options that it was started with; those that differ are named.</summary>
public class ResumedOptionsTests
{
    [Fact]
    [Trait("Category", "Slow")]
    public void Augmentations_are_compared_and_the_library_is_named_in_the_file()
    {
        using TempFolder folder = new();
        DetectionDataset scenes = SmallScenes.Write(folder, 2);
        DetectorTrainingOptions options = new() { Folder = folder["run"], Epochs = 1, MinSize = 64, MaxSize = 96, BatchSize = 1 };
        var run = DetectorTraining.Run("retinanet_resnet18_fpn", new(scenes, scenes), options, new Recorder());

        string message = Assert.Throws<InputException>(() => DetectorTraining.Run("retinanet_resnet18_fpn", new(scenes, scenes),
            options with { Resume = true, ColorJitter = 0.2, Flip = false, BatchSize = 2 }, new Recorder())).Message;

        Assert.Contains("ColorJitter was 0 and is now 0.2", message);
        Assert.Contains("Flip was True and is now False", message);
        Assert.Contains("BatchSize was 1 and is now 2", message);
        Assert.DoesNotContain("Folder", message);
        Assert.Equal("0.1.0", WeightFile.ReadMetadata(run.Best)["vision_version"]);
        // The same options go on, and there is nothing left to do.
        Assert.True(DetectorTraining.Run("retinanet_resnet18_fpn", new(scenes, scenes), options with { Resume = true },
            new Recorder()).Finished);
    }

    [Fact]
    public void A_loss_is_known_by_its_parameters()
    {
        string Text(SegmentationLoss? loss) => new SegmenterTrainingOptions { Loss = loss }.Settings(new() { BatchSize = 1 })["Loss"];

        Assert.Equal("none", Text(null));
        Assert.Equal("Tversky(0.3, 0.7)", Text(new Tversky()));
        Assert.Equal("1 CrossEntropy + 1 LovaszSoftmax", Text(SegmentationLossCatalog.Create(SegmentationLossCatalog.Default)));
        Assert.Equal("0.5 to 2", new SegmenterTrainingOptions().Settings(new() { BatchSize = 1 })["Scales"]);
    }

    /// <summary>An option that no list knows would be compared by its type's name, or not at all.</summary>
    [Fact]
    public void Every_option_is_compared_somewhere()
    {
        string[] shared = ["ColorJitter", "Flip", "RepeatThreshold", "BatchSize"];
        void Compares(TrainingOptions options, params string[] own) =>
            Assert.Equal(shared.Concat(own).Order(), options.Settings(new() { BatchSize = 1 }).Keys.Order());

        Compares(new DetectorTrainingOptions(), "Augmentation");
        Compares(new SegmenterTrainingOptions(), "CropSize", "Scales", "Loss");
        Compares(new ClassifierTrainingOptions(), "Crop", "FreezeBackbone", "RandAugment", "RandomErasing", "Mixup", "CutMix",
            "LabelSmoothing");
    }
}
