using System.Reflection;
using Vision.Data;
using Vision.Testing;

namespace Vision.Training.Tests;

public class OptionRangesTests
{
    private const string Positive = "above 0", Count = "1 or more", NotNegative = "0 or more";
    private const string LessThanOne = "0 or more, and less than 1", PositiveShare = "above 0, and 1 at most";

    [Theory]
    [InlineData(nameof(TrainerOptions.Epochs), 0, Count)]
    [InlineData(nameof(TrainerOptions.LearningRate), 0.0, Positive)]
    [InlineData(nameof(TrainerOptions.LearningRate), double.NaN, Positive)]
    [InlineData(nameof(TrainerOptions.LearningRate), double.PositiveInfinity, Positive)]
    [InlineData(nameof(TrainerOptions.BackboneRateFactor), 0.0, $"{PositiveShare} (to train only the last layers, freeze the backbone)")]
    [InlineData(nameof(TrainerOptions.Momentum), 1.0, LessThanOne)]
    [InlineData(nameof(TrainerOptions.WeightDecay), -0.1, NotNegative)]
    [InlineData(nameof(TrainerOptions.WarmupSteps), -1, NotNegative)]
    [InlineData(nameof(TrainerOptions.MilestoneFactor), 0.0, PositiveShare)]
    [InlineData(nameof(TrainerOptions.ClipGradientNorm), 0.0, $"{Positive} (leave it out for no clipping)")]
    [InlineData(nameof(TrainerOptions.PreciseBatchNorm), -1, NotNegative)]
    [InlineData(nameof(TrainerOptions.LayerRateDecay), 0.0, PositiveShare)]
    [InlineData(nameof(TrainerOptions.PlateauPatience), 0, Count)]
    [InlineData(nameof(TrainerOptions.Accumulate), 0, Count)]
    [InlineData(nameof(TrainerOptions.AverageDecay), 1.0, "above 0, and less than 1 (leave it out for no average)")]
    [InlineData(nameof(TrainerOptions.FreezeStages), -1, NotNegative)]
    [InlineData(nameof(TrainerOptions.ThawEpoch), 1, "an epoch, 2 or more")]
    [InlineData(nameof(TrainerOptions.EarlyStopping), 0, Count)]
    [InlineData(nameof(TrainerOptions.SaveTop), -1, NotNegative)]
    [InlineData(nameof(TrainerOptions.LogEverySteps), 0, Count)]
    public void An_option_of_the_trainer_out_of_its_range_is_named(string name, object value, string range)
    {
        using TempFolder folder = new();
        using ToyTask task = new();
        TrainerOptions options = With(TrainerTests.Options(folder), name, value);
        Assert.Equal($"{name} is {value}; it must be {range}.",
            Assert.Throws<InputException>(() => new Trainer<ToyBatch>(task, options)).Message);
    }

    [Fact]
    public void Milestones_and_intervals_are_checked_too()
    {
        using TempFolder folder = new();
        using ToyTask task = new();
        TrainerOptions options = TrainerTests.Options(folder);
        string MessageOf(TrainerOptions changed) => Assert.Throws<InputException>(() => new Trainer<ToyBatch>(task, changed)).Message;
        Assert.Equal("Milestones is -0.5; it must be a fraction of the run, above 0.",
            MessageOf(options with { Milestones = [0.5, -0.5] }));
        Assert.Equal("CheckpointInterval is -00:00:01; it must be 0 or more.",
            MessageOf(options with { CheckpointInterval = TimeSpan.FromSeconds(-1) }));
        Assert.Equal("TimeBudget is 00:00:00; it must be above 0.", MessageOf(options with { TimeBudget = TimeSpan.Zero }));
    }

    [Theory]
    [InlineData("Epochs", 0, Count)]
    [InlineData("BatchSize", 0, Count)]
    [InlineData("LearningRate", -1.0, Positive)]
    [InlineData("BackboneRateFactor", 2.0, $"{PositiveShare} (to train only the last layers, freeze the backbone)")]
    [InlineData("WarmupSteps", -1, NotNegative)]
    [InlineData("ClipGradientNorm", -1.0, $"{Positive} (leave it out for no clipping)")]
    [InlineData("ColorJitter", 1.5, "0 to 1")]
    [InlineData("RepeatThreshold", 0.0, PositiveShare)]
    [InlineData("PreciseBatchNorm", -1, NotNegative)]
    [InlineData("LayerRateDecay", 0.0, PositiveShare)]
    [InlineData("PlateauPatience", 0, Count)]
    [InlineData("Accumulate", 0, Count)]
    [InlineData("AverageDecay", 1.0, "above 0, and less than 1 (leave it out for no average)")]
    [InlineData("FreezeStages", -1, NotNegative)]
    [InlineData("ThawEpoch", 1, "an epoch, 2 or more")]
    [InlineData("EarlyStopping", 0, Count)]
    [InlineData("SaveTop", -1, NotNegative)]
    [InlineData("LogEverySteps", 0, Count)]
    public void An_option_of_every_training_out_of_its_range_is_named(string name, object value, string range)
    {
        string expected = $"{name} is {value}; it must be {range}.";
        Assert.Equal(expected, MessageOf(With(new DetectorTrainingOptions(), name, value)));
        Assert.Equal(expected, MessageOf(With(new SegmenterTrainingOptions(), name, value)));
        Assert.Equal(expected, MessageOf(With(new ClassifierTrainingOptions(), name, value)));
    }

    [Fact]
    public void What_one_kind_of_training_has_is_checked_too()
    {
        Assert.Equal("Milestones is 0; it must be an epoch, 1 or more.", MessageOf(new DetectorTrainingOptions { Milestones = [0] }));
        Assert.Equal("Milestones are epochs, so with a TimeBudget they need Epochs, too; or choose another schedule.",
            MessageOf(new DetectorTrainingOptions { Milestones = [3], TimeBudget = TimeSpan.FromHours(1) }));
        Assert.Equal("MinSize is 0; it must be 1 or more.", MessageOf(new DetectorTrainingOptions { MinSize = 0 }));
        Assert.Equal("MaxSize is -1; it must be 1 or more.", MessageOf(new DetectorTrainingOptions { MaxSize = -1 }));
        Assert.Equal("MinSize is 0; it must be 1 or more.", MessageOf(new SegmenterTrainingOptions { MinSize = 0 }));
        Assert.Equal("CropSize is 0; it must be 1 or more.", MessageOf(new SegmenterTrainingOptions { CropSize = 0 }));
        Assert.Equal("Scales is (2, 0.5); it must be two factors above 0, the smaller one first.",
            MessageOf(new SegmenterTrainingOptions { Scales = (2, 0.5) }));
        Assert.Equal("Size is 0; it must be 1 or more.", MessageOf(new ClassifierTrainingOptions { Size = 0 }));
        Assert.Equal("RandAugment is 31; it must be 0 to 30.", MessageOf(new ClassifierTrainingOptions { RandAugment = 31 }));
        Assert.Equal("RandomErasing is -0.1; it must be 0 to 1.", MessageOf(new ClassifierTrainingOptions { RandomErasing = -0.1 }));
        Assert.Equal("Mixup is -1; it must be 0 or more.", MessageOf(new ClassifierTrainingOptions { Mixup = -1 }));
        Assert.Equal("CutMix is NaN; it must be 0 or more.", MessageOf(new ClassifierTrainingOptions { CutMix = double.NaN }));
        Assert.Equal("LabelSmoothing is 1; it must be 0 or more, and less than 1.",
            MessageOf(new ClassifierTrainingOptions { LabelSmoothing = 1 }));
    }

    [Theory]
    [InlineData(typeof(TrainerOptions), nameof(An_option_of_the_trainer_out_of_its_range_is_named))]
    [InlineData(typeof(TrainingOptions), nameof(An_option_of_every_training_out_of_its_range_is_named))]
    public void No_number_is_left_out(Type options, string theory)
    {
        Type[] kinds = [typeof(int), typeof(int?), typeof(double), typeof(double?)];
        string[] numbers = [.. options.GetProperties().Where(property => kinds.Contains(property.PropertyType))
            .Select(property => property.Name).Where(name => name != nameof(TrainerOptions.Seed))];
        string[] tested = [.. GetType().GetMethod(theory)!.GetCustomAttributes<InlineDataAttribute>()
            .Select(data => (string)data.GetData(null!).Single()[0])];
        Assert.Equal(numbers.Order(), tested.Distinct().Order());
    }

    private static TOptions With<TOptions>(TOptions options, string name, object value)
    {
        typeof(TOptions).GetProperty(name)!.SetValue(options, value);
        return options;
    }

    private static string MessageOf(DetectorTrainingOptions options) =>
        MessageOf(new DetectionDataset { Name = "none", Categories = [], Samples = [] },
            data => DetectorTraining.Prepare("ssd300_vgg16", data, options));

    private static string MessageOf(SegmenterTrainingOptions options) =>
        MessageOf(new SegmentationDataset { Name = "none", Categories = [], Samples = [] },
            data => SegmenterTraining.Prepare("unet_resnet18", data, options));

    private static string MessageOf(ClassifierTrainingOptions options) =>
        MessageOf(new ClassificationDataset { Name = "none", Categories = [], Samples = [] },
            data => ClassifierTraining.Prepare("resnet18", data, options));

    private static string MessageOf<TDataset>(TDataset none, Func<DataSplits<TDataset>, IDisposable> prepare) where TDataset : IDataset =>
        Assert.Throws<InputException>(() => prepare(new(none, none))).Message;
}
