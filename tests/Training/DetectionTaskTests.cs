using System.Text.Json;
using Vision.Backbones;
using Vision.Data;
using Vision.Detection;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

[Trait("Category", "Slow")]
public class DetectionTaskTests
{
    // After a step or two, rounding can let another proposal of nearly the same score be sampled, one of a hundred or more.
    private const double Tolerance = 1e-2;

    [SkippableFact]
    public void Three_steps_have_the_losses_and_weights_of_torchvision()
    {
        Peer.Require();
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        DetectionDataset scenes = SmallScenes.Write(folder, 6);
        manual_seed(3).Dispose();
        using Detector detector = DetectorCatalog.Create("fasterrcnn_resnet18_fpn", new() { NumClasses = 3, MinSize = 96, MaxSize = 160 });
        WeightFile.WriteSafetensors(folder["start.safetensors"], detector.state_dict(), new Dictionary<string, string>());

        // The whole stack: files, loader, task, trainer.
        Recorder recorder = new();
        DetectionTask task = new(detector, new(scenes, new() { BatchSize = 2, Shuffle = false }), scenes, Description);
        TrainerOptions options = new()
        {
            Folder = folder["run"], Epochs = 1, LearningRate = 0.01, WarmupSteps = 0, Milestones = [], ClipGradientNorm = 5, Seed = 11,
        };
        new Trainer<DetectionBatch>(task, options, recorder).Run();

        var steps = scenes.Samples.Chunk(2).Select((batch, step) => new
        {
            seed = Seeds.Mix(options.Seed, step),
            images = batch.Select(targets => targets.File),
            boxes = batch.Select(targets => targets.Objects.Select(o => new[] { o.Box.X1, o.Box.Y1, o.Box.X2, o.Box.Y2 })),
            labels = batch.Select(targets => targets.Objects.Select(o => o.Label)),
        });
        Peer.Run("train_detector.py", folder["start.safetensors"], folder["peer.pth"],
            folder.Write("plan.json", JsonSerializer.Serialize(steps)));
        var expected = WeightFile.Read(folder["peer.pth"]);

        Assert.Equal(3, recorder.Steps.Count);
        foreach (var (number, step) in recorder.Steps.Index())
            foreach (var (name, value) in step.Losses)
                Assert.Equal(expected[$"{number}.{name}"].item<float>(), value, Tolerance * Math.Max(0.01, Math.Abs(value)));
        var trained = WeightFile.Read(folder["run/last.safetensors"]);
        foreach (string name in expected.Keys.Where(trained.ContainsKey))
            Close.To(trained[name], expected[name], Tolerance, name);
    }

    [Fact]
    public void Evaluates_and_keeps_the_whole_result()
    {
        using TempFolder folder = new();
        DetectionDataset scenes = SmallScenes.Write(folder, 3);
        using Detector detector = Small();
        List<(int, int)> progress = [];
        DetectionTask task = new(detector, new(scenes, new() { BatchSize = 1 }), scenes, Description);

        ValidationResult result = ((ITrainingTask<DetectionBatch>)task).Evaluate((done, total) => progress.Add((done, total)), default);

        Assert.Equal([(1, 3), (2, 3), (3, 3)], progress);
        Assert.Equal(12, result.Metrics.Count);
        Assert.Equal("AP", result.Main);
        Assert.Equal(task.LastEvaluation!.Boxes.AP, result.MainValue);
        Assert.False(detector.training);
    }

    [Fact]
    public void The_best_epoch_is_that_of_the_best_masks_where_there_are_some()
    {
        using TempFolder folder = new();
        DetectionDataset boxes = SmallScenes.Write(folder, 2);
        DetectionDataset scenes = new()
        {
            Name = boxes.Name,
            Categories = boxes.Categories,
            Samples = [.. boxes.Samples.Select(sample => sample with
            {
                Objects = [.. sample.Objects.Take(1).Select(truth => truth with
                {
                    Segment = new()
                    {
                        Polygons = [[truth.Box.X1, truth.Box.Y1, truth.Box.X2, truth.Box.Y1, truth.Box.X2, truth.Box.Y2]],
                    },
                })],
            })],
        };
        // Finds every box, and of each mask the other half.
        using Detector detector = new Oracle(scenes.Samples, box =>
            new() { Polygons = [[box.X1, box.Y1, box.X2, box.Y2, box.X1, box.Y2]] });
        DetectionTask task = new(detector, new(scenes, new() { BatchSize = 1 }), scenes, Description);

        ValidationResult result = ((ITrainingTask<DetectionBatch>)task).Evaluate((_, _) => { }, default);

        Assert.Equal(("AP", 0), (result.Main, result.MainValue));
        Assert.Equal(1, result.Metrics.Single(metric => metric.Key == "bbox_AP").Value, 12);
        Assert.Equal(0, task.LastEvaluation!.Masks!.AP50);
    }

    [Fact]
    public void An_evaluation_can_be_canceled_and_names_what_it_could_not_read()
    {
        using TempFolder folder = new();
        DetectionDataset scenes = SmallScenes.Write(folder, 3);
        using Detector detector = Small();
        using CancellationTokenSource source = new();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            DetectorEvaluation.Run(detector, scenes, (_, _) => source.Cancel(), source.Token));

        File.WriteAllText(scenes.Samples[1].File, "no image");
        Assert.Contains(DetectorEvaluation.Run(detector, scenes).Main.Notes, note => note.Contains("2.png"));
    }

    [Fact]
    public void Both_data_sets_have_the_same_classes()
    {
        using TempFolder folder = new();
        DetectionDataset scenes = SmallScenes.Write(folder, 1);
        DetectionDataset other = new() { Name = "others", Categories = [new(1, "disc"), new(2, "square")], Samples = scenes.Samples };
        using Detector detector = Small();

        Assert.Equal("scenes has the classes 1 square, 2 disc, but others has 1 disc, 2 square: read both with the same list of classes.",
            Assert.Throws<InputException>(() =>
                new DetectionTask(detector, new(scenes, new() { BatchSize = 1 }), other, Description)).Message);
    }

    [Fact]
    public void Nothing_stays_behind_in_300_steps()
    {
        using TempFolder folder = new();
        DetectionDataset scenes = SmallScenes.Write(folder, 100, 64, 64);
        using Detector detector = Small();
        List<long> seen = [], resident = [];
        Recorder recorder = new()
        {
            OnStep = _ =>
            {
                seen.Add(Tensor.TotalCount);
                if (seen.Count % 150 == 0) resident.Add(ResidentMemory.InUse());
            },
        };
        DetectionTask task = new(detector, new(scenes, new() { BatchSize = 1, Prefetch = 1 }),
            new() { Name = "one", Categories = scenes.Categories, Samples = [scenes.Samples[0]] }, Description);

        new Trainer<DetectionBatch>(task, new() { Folder = folder["run"], Epochs = 3, LearningRate = 0.001 }, recorder).Run();

        Assert.Equal(300, seen.Count);
        // Images that wait in the loader come and go, and what its threads have in hand; nothing else does. Handles of the start wait for
        // the collector.
        const int started = 50;
        Assert.InRange(seen[^1], 0, seen[started] + 4);
        Assert.InRange(seen.Skip(started).Max(), 0, seen[started] + 64);
        // Like with like: both after an evaluation and a checkpoint. A leak of 2 MiB a step would be as much.
        Assert.InRange(resident[1], 0, resident[0] + (300L << 20));
    }

    private static readonly DetectorDescription Description =
        new() { Model = "fasterrcnn_resnet18_fpn", Categories = [], Options = new() { NumClasses = 3 } };

    private static Detector Small() => DetectorCatalog.Create("fasterrcnn_resnet18_fpn",
        new() { NumClasses = 3, MinSize = 64, MaxSize = 64, Roi = new() { SamplesPerImage = 32 },
            Rpn = new() { TrainTopPerLevel = 100, TrainProposals = 100 } });

    /// <summary>Finds what there is, in the order of the images that it is asked for.</summary>
    private sealed class Oracle : Detector
    {
        private readonly IReadOnlyList<Targets> samples;
        private readonly Func<Box, Segment> mask;
        private int next;

        public Oracle(IReadOnlyList<Targets> samples, Func<Box, Segment> mask) : base("Oracle") =>
            (this.samples, this.mask) = (samples, mask);

        public override Backbone Backbone => throw new NotSupportedException();

        public override Losses ComputeLosses(DetectionBatch batch) => throw new NotSupportedException();

        public override Detections[] forward(Tensor[] images) => [.. images.Select(_ => samples[next++]).Select(targets => new Detections()
        {
            Boxes = [.. targets.Objects.Select(truth => truth.Box)],
            Labels = [.. targets.Objects.Select(truth => truth.Label)],
            Scores = [.. targets.Objects.Select(_ => 0.9f)],
            Masks = [.. targets.Objects.Select(truth => mask(truth.Box).ToMask(targets.Width, targets.Height))],
        })];
    }
}
