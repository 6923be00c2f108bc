using Vision.Classification;
using Vision.Data;
using Vision.Detection;
using Vision.Segmentation;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

public sealed class RunFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    [Trait("Category", "Slow")]
    public void A_run_repeated_from_its_file_gives_the_same_weights()
    {
        SmallPictures.Write(folder, 8, place: "data/train");
        SmallPictures.Write(folder, 3, place: "data/val");
        DataSplits<ClassificationDataset> data = ClassificationData.Open(folder["data"]);
        ClassifierTrainingOptions options = new()
        {
            Folder = folder["first"], Epochs = 2, BatchSize = 6, ColorJitter = 0.2, Mixup = 0.2, AverageDecay = 0.5, Seed = 3,
        };
        var first = ClassifierTraining.Run("resnet20_cifar", data, options, new Recorder());

        RunFile file = RunFile.Read(first.Files.RunFile);
        DataSource source = file.Source!;
        ClassifierTrainingOptions again = (ClassifierTrainingOptions)file.ToOptions();
        var second = ClassifierTraining.Run(file.Model,
            ClassificationData.Open(source.Folder, source.Format, source.TrainSplit, source.ValidationSplit),
            again with { Folder = folder["second"] }, new Recorder());

        using var scope = NewDisposeScope();
        var weights = WeightFile.Read(second.Files.Last);
        foreach (var (name, weight) in WeightFile.Read(first.Files.Last)) Assert.True(weight.Equals(weights[name]), $"{name} differs.");
        RunFile repeated = RunFile.Read(second.Files.RunFile);
        Assert.Equal(file.Options, repeated.Options);
        Assert.Equal((file.Train, file.Validation, file.Machine), (repeated.Train, repeated.Validation, repeated.Machine));

        // What comparisons need is there, and is that of the best epoch's weights.
        RunSummary summary = RunSummary.Read(folder["first"]);
        Assert.True(summary is { IsFinished: true, Seconds: > 0 });
        Assert.Equal(TrainedClassifierMetrics(first.Best)["top1"], summary.Score, 1e-12);
        Assert.Equal(9, summary.Images.Images.Count);
        Assert.Contains("red/0.png", summary.Images.Images);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void A_run_that_was_stopped_is_known_as_such_and_keeps_its_file()
    {
        DetectionDataset scenes = SmallScenes.Write(folder, 4);
        DetectorTrainingOptions options = new() { Folder = folder["run"], Epochs = 1, MinSize = 64, MaxSize = 96, BatchSize = 1 };
        Assert.Equal(RunStage.Missing, RunFolder.At(folder["run"]).Stage);
        using CancellationTokenSource stop = new();
        DetectorTraining.Run("retinanet_resnet18_fpn", new(scenes, scenes), options,
            new Recorder { OnStep = _ => stop.Cancel() }, stop.Token);

        Assert.Equal(RunStage.Interrupted, RunFolder.At(folder["run"]).Stage);
        Assert.Contains("cannot be compared", Assert.Throws<InputException>(() => RunSummary.Read(folder["run"])).Message);
        DateTime written = File.GetLastWriteTimeUtc(folder["run/run.yaml"]);
        DetectorTraining.Run("retinanet_resnet18_fpn", new(scenes, scenes), options with { Resume = true }, new Recorder());
        Assert.Equal(RunStage.Finished, RunFolder.At(folder["run"]).Stage);
        Assert.Equal(written, File.GetLastWriteTimeUtc(folder["run/run.yaml"]));
        Assert.Null(RunFile.Read(folder["run/run.yaml"]).Source);
    }

    [Fact]
    public void Defaults_are_written_as_what_was_chosen_and_code_as_what_it_changed()
    {
        DetectionDataset scenes = SmallScenes.Write(folder, 2);
        using DetectorTraining training = DetectorTraining.Prepare("retinanet_resnet18_fpn", new(scenes, scenes), new()
        {
            Folder = folder["run"], Milestones = [3, 5], Freeze = ["backbone.*"], TimeBudget = TimeSpan.FromMinutes(90), Epochs = 9,
            Configure = network => network with { Norm = Vision.Backbones.NormKind.GroupNorm,
                Roi = network.Roi with { SamplesPerImage = 64 } },
        });
        training.Description.Write(folder["run.yaml"]);
        RunFile read = RunFile.Read(folder["run.yaml"]);

        Assert.Equal("0.01", read.Options["learning_rate"].ToString());
        Assert.Equal("4", read.Options["batch_size"].ToString());
        Assert.Equal("800", read.Options["min_size"].ToString());
        Assert.Equal(["norm", "roi.samples_per_image"], read.Network.Keys);
        DetectorTrainingOptions options = (DetectorTrainingOptions)read.ToOptions();
        Assert.Equal([3, 5], options.Milestones);
        Assert.Equal(["backbone.*"], options.Freeze);
        Assert.Equal(TimeSpan.FromMinutes(90), options.TimeBudget);
        DetectorOptions network = options.Configure!(DetectorCatalog.DefaultsOf("retinanet_resnet18_fpn", 3));
        Assert.Equal((Vision.Backbones.NormKind.GroupNorm, 64), (network.Norm, network.Roi.SamplesPerImage));
        Assert.Equal(training.Description.Options, read.Options);
    }

    [Fact]
    public void Every_option_has_a_text_that_reads_back()
    {
        TrainingOptions[] all =
        [
            new DetectorTrainingOptions { Backbone = "resnet18", Augmentation = AugmentationKind.CopyPaste, WarmupSteps = 3, Device = CPU },
            new SegmenterTrainingOptions
            {
                Scales = (0.25, 1.5), Loss = SegmentationLossCatalog.Create("cross-entropy+dice", [0.5f, 2]),
                Precision = TrainingPrecision.BFloat16,
            },
            new ClassifierTrainingOptions { Crop = TrainingCrop.Padded, RandAugment = 9, CutMix = 1, Schedule = ScheduleKind.Cosine },
        ];
        foreach (TrainingOptions options in all)
        {
            foreach (var (name, property) in RunOptions.Of(options.GetType()))
            {
                OptionValue text = RunOptions.TextOf(property.GetValue(options));
                Assert.Equal(text, RunOptions.TextOf(RunOptions.Parse(property.PropertyType, text)));
                Assert.Matches("^[a-z_]+$", name);
            }
            // New options must be written, or be known not to matter.
            Assert.Subset(
                new HashSet<string> { "AutoBatchSize", "Callbacks", "Configure", "Folder", "LogEverySteps", "PlotFolder", "Resume" },
                options.GetType().GetProperties().Where(property => property.CanWrite).Select(property => property.Name)
                    .Except(RunOptions.Of(options.GetType()).Select(option => option.Property.Name)).ToHashSet());
        }
    }

    [Theory]
    [InlineData("options:\n  learning_rte: 0.1", "line 3: there is no options.learning_rte; correct it to one of weights, ")]
    [InlineData("options:\n  learning-rate: 0.1", "line 3: there is no options.learning-rate; correct it to one of weights, ")]
    [InlineData("options:\n  learning_rate: fast", "line 3: learning_rate is fast; it must be a number.")]
    [InlineData("options:\n  epochs: [1, 2]", "line 3: epochs is 1 2; it must be a single value, not a list.")]
    [InlineData("options:\n  optimizer: lion", "line 3: optimizer is lion; it must be one of sgd, adamw.")]
    [InlineData("options:\n  milestones: [3, x]", "line 3: milestones is 3 x; it must be a whole number.")]
    [InlineData("options: 3", "line 2: options is not a section with keys of its own; correct it.")]
    [InlineData("frobnicate: 3", "line 2: there is no frobnicate; correct it to one of model, data, ")]
    [InlineData("data: {folder: x, splits: 2}", "line 2: there is no data.splits; correct it to one of folder, ")]
    [InlineData("options: {a: 1, a: 2}", "invalid YAML")]
    public void Mistakes_are_named_with_their_line(string text, string message)
    {
        string file = folder.Write("run.yaml", $"model: resnet18\n{text}\n");
        string found = Assert.Throws<InputException>(() => RunFile.Read(file)).Message;
        Assert.StartsWith(file, found);
        Assert.Contains(message, found);
        Assert.DoesNotContain('\n', found);
    }

    [Fact]
    public void An_unknown_model_is_named_with_its_line()
    {
        string file = folder.Write("run.yaml", "# mine\nmodel: resnet19\n");
        Assert.StartsWith($"{file}, line 2: ", Assert.Throws<InputException>(() => RunFile.Read(file)).Message);
        Assert.Contains("There is no file", Assert.Throws<InputException>(() => RunFile.Read(folder["none.yaml"])).Message);
    }

    [Fact]
    public void A_file_by_hand_may_be_short()
    {
        RunFile read = RunFile.Read(folder.Write("run.yaml",
            "model: deeplabv3_resnet18\noptions: {loss: dice, scales: [1, 1], backbone: null}"));
        SegmenterTrainingOptions options = (SegmenterTrainingOptions)read.ToOptions();
        Assert.Equal(((1.0, 1.0), null), (options.Scales, options.Backbone));
        Assert.Equal("dice", SegmentationLossCatalog.OriginOf(options.Loss!)!.Value.Names);
        Assert.Null(read.Machine);
    }

    [Fact]
    public void A_fingerprint_changes_with_the_data_and_not_with_its_place()
    {
        DetectionDataset scenes = SmallScenes.Write(folder, 3);
        string before = DataFingerprint.Of(scenes);
        Directory.CreateDirectory(folder["elsewhere"]);
        foreach (Targets sample in scenes.Samples)
            File.Copy(sample.File, Path.Combine(folder["elsewhere"], Path.GetFileName(sample.File)));
        Targets[] moved = [.. scenes.Samples.Select(sample =>
            sample with { File = Path.Combine(folder["elsewhere"], Path.GetFileName(sample.File)) })];
        Assert.Equal(before, Of(moved));

        Annotation item = moved[1].Objects[0];
        Assert.NotEqual(before, Of([moved[0],
            moved[1] with { Objects = [item with { Label = 3 - item.Label }, .. moved[1].Objects.Skip(1)] },
            moved[2]]));
        Assert.NotEqual(before, Of(moved[..2]));
        File.AppendAllText(moved[0].File, "x");
        Assert.NotEqual(before, Of(moved));

        string Of(Targets[] samples) =>
            DataFingerprint.Of(new DetectionDataset { Name = "other", Categories = scenes.Categories, Samples = samples });
    }

    private static IReadOnlyDictionary<string, double> TrainedClassifierMetrics(string weights) =>
        ClassifierDescription.FromMetadata(WeightFile.ReadMetadata(weights), weights)!.Metrics!;
}
