using Vision.Data;
using Vision.Segmentation;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

/// <summary>A failed step is stored, and repeated from what was stored alone.</summary>
public sealed class FailureCapsuleTests : IDisposable
{
    private readonly TempFolder folder = new();

    static FailureCapsuleTests()
    {
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(BrittleNet).TypeHandle);
        BrittleNet.Register();
    }

    private string Capsule => folder["run/failure"];

    [Fact]
    public void NaN_in_a_forward_pass_is_traced_to_the_layer()
    {
        InputException failure = Assert.Throws<InputException>(() => Train(4));
        Assert.Contains($"{Capsule} holds the step, to be repeated.", failure.Message);
        Assert.Equal(Capsule, FailureCapsule.FolderOf(failure));
        ReplayResult result = Replay();
        Assert.True(result is { Failed: true, Pass: ReplayPass.Forward, Layer: "brittle", Operation: "BrittleLayer" }, result.ToString());
        Assert.Empty(result.Differences);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["run"], "*.tmp"));
    }

    [Fact]
    public void NaN_in_a_backward_pass_is_traced_to_the_layer_and_the_operation()
    {
        Assert.Throws<InputException>(() => Train(1));
        ReplayResult result = Replay();
        Assert.True(result is { Failed: true, Pass: ReplayPass.Backward, Layer: "brittle", Operation: "Sqrt" or "Mul" }, result.ToString());
    }

    [Fact]
    public void An_exception_keeps_its_type_and_is_traced_to_the_layer()
    {
        NotSupportedException failure = Assert.Throws<NotSupportedException>(() => Train(2));
        Assert.Equal(Capsule, FailureCapsule.FolderOf(failure));
        ReplayResult result = Replay();
        Assert.True(result is { Failed: true, IsException: true, Pass: ReplayPass.Forward, Layer: "brittle" }, result.ToString());
        Assert.Contains("This layer does not like its input.", result.Text);
    }

    [Fact]
    public void Too_little_memory_is_explained()
    {
        InputException failure = Assert.Throws<InputException>(() => Train(3));
        Assert.StartsWith("Memory was not enough at step 2 (epoch 1): take smaller batches", failure.Message);
        Assert.True(Replay() is { Failed: true, Layer: "brittle" });
    }

    [Fact]
    public void Later_failures_get_their_own_folder()
    {
        Assert.ThrowsAny<Exception>(() => Train(2));
        byte[] first = File.ReadAllBytes(Path.Combine(Capsule, "capsule.json"));
        Assert.ThrowsAny<Exception>(() => Train(1, accumulate: 2));
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(Capsule, "capsule.json")));
        FailureCapsule second = FailureCapsule.Open(folder["run/failure-2"]);
        Assert.Equal(4, second.Files.Count);
        Assert.True(second.Replay() is { Failed: true, Pass: ReplayPass.Backward });
    }

    [Fact]
    public void The_statistics_are_those_before_the_step_and_a_step_that_works_here_is_said_to()
    {
        Assert.Throws<InputException>(() => Train(4));
        string file = Path.Combine(Capsule, "weights.safetensors");
        using var scope = NewDisposeScope();
        var weights = WeightFile.Read(file);
        Assert.Equal(1, weights["stage.1.num_batches_tracked"].item<long>());      // one step was done before
        weights[BrittleNet.Fault].fill_(0);
        WeightFile.WriteSafetensors(file, weights, WeightFile.ReadMetadata(file));
        ReplayResult result = Replay();
        Assert.True(result is { Failed: false, Pass: null, Layer: null }, result.ToString());
        Assert.StartsWith("The step does not fail here. It failed with: Training stopped at step 2", result.Text);
    }

    [Fact]
    public void Detectors_are_repeated_too()
    {
        DetectionDataset scenes = SmallScenes.Write(folder, 2);
        Assert.Throws<InputException>(() => DetectorTraining.Run("fasterrcnn_resnet18_fpn", new(scenes, scenes),
            new() { Folder = folder["run"], Epochs = 2, BatchSize = 2, MinSize = 64, MaxSize = 96, Device = CPU },
            Breaking("backbone", 1e38f, rank: 4)));
        ReplayResult result = Replay();
        Assert.True(result is { Failed: true, Pass: ReplayPass.Forward }, result.ToString());
        Assert.StartsWith("backbone.", result.Layer);
    }

    [Fact]
    public void Objects_survive()
    {
        Annotation[] objects =
        [
            new() { Id = 0, Label = 2, Box = new(1.5f, 2, 30, 40.25f), Area = 12.5, IsCrowd = true },
            new() { Id = 1, Label = 1, Box = new(0, 0, 9, 9), Area = 40, Segment = new() { Polygons = [[0, 0, 9, 0, 9, 9.125f]] } },
            new()
            {
                Id = 2, Label = 1, Box = new(0, 0, 4, 4), Area = 16, Keypoints = [new(1, 2, 2), new(0, 0, 0)],
                Segment = new() { Runs = RleMask.FromPolygons([[0, 0, 4, 0, 4, 4, 0, 4]], 48, 64) },
            },
        ];
        foreach (Annotation item in objects)
        {
            Annotation again = CapsuleObject.Of(item).ToAnnotation((int)item.Id, 48, 64);
            Assert.Equal(item with { Segment = null, Keypoints = null }, again with { Segment = null, Keypoints = null });
            Assert.Equal(item.Keypoints, again.Keypoints);
            Assert.Equal(item.Segment?.Polygons, again.Segment?.Polygons);
            Assert.Equal(item.Segment?.Runs?.ToCompressed(), again.Segment?.Runs?.ToCompressed());
        }
    }

    [Theory]
    [InlineData("cross-entropy+lovasz")]
    [InlineData("dice")]
    [InlineData("boundary+focal+ohem+tversky+jaccard")]
    public void Losses_are_built_from_their_text(string names)
    {
        foreach (float[]? weights in (float[]?[])[null, [0.5f, 2]])
        {
            string text = SegmentationLossCatalog.Create(names, weights).ToString();
            Assert.Equal(text, SegmentationLossCatalog.Parse(text)?.ToString());
        }
    }

    [Fact]
    public void Losses_of_others_are_unknown()
    {
        foreach (string text in (string[])["", "Mine", "CrossEntropy(", "1 Focal", "Focal(a)", "CrossEntropy + "])
            Assert.Null(SegmentationLossCatalog.Parse(text));
    }

    [Fact]
    public void Hostile_folders_end_in_one_line()
    {
        Assert.Throws<InputException>(() => Train(4));
        Fails("There is no folder", folder["nowhere"]);
        Fails("holds no failed step", folder.Path);
        string content = File.ReadAllText(Path.Combine(Capsule, "capsule.json"));
        foreach (var (before, after) in ((string, string)[])[
            ("\"Classifier\"", "\"Detector\""), ("\"Classifier\"", "7"), ("\"Format\": 1", "\"Format\": 2"),
            ("\"Batches\": [", "\"Batchez\": ["),
            ("\"Batches\": [", "\"Batches\": null, \"x\": ["), ("{", "["),
            ("\"Frozen\": [", "\"Frozen\": [1,"), ("\"Step\": 2", "\"Step\": 1e99")])
        {
            Assert.Contains(before, content);
            string copy = Copy();
            File.WriteAllText(Path.Combine(copy, "capsule.json"), content.Replace(before, after));
            Fails("", copy);
        }
        foreach (string file in (string[])["batch.safetensors", "weights.safetensors"])
        {
            string copy = Copy();
            File.Delete(Path.Combine(copy, file));
            Fails("is incomplete", copy);
            File.WriteAllBytes(Path.Combine(copy, file), new byte[100]);
            Fails("", copy);
        }
        string other = Copy();
        WeightFile.WriteSafetensors(Path.Combine(other, "batch.safetensors"), new Dictionary<string, Tensor>(),
            new Dictionary<string, string>());
        Fails("batch 0 has no images", other);
    }

    public void Dispose() => folder.Dispose();

    private static void Fails(string words, string path)
    {
        InputException failure = Assert.ThrowsAny<InputException>(() => FailureCapsule.Open(path).Replay());
        Assert.Contains(words, failure.Message);
        Assert.DoesNotContain('\n', failure.Message);
    }

    private string Copy()
    {
        string copy = Directory.CreateDirectory(folder[Guid.NewGuid().ToString()]).FullName;
        foreach (string file in Directory.EnumerateFiles(Capsule)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>Repeats the step, without the data set.</summary>
    private ReplayResult Replay()
    {
        if (Directory.Exists(folder["pictures"])) Directory.Delete(folder["pictures"], recursive: true);
        return FailureCapsule.Open(Capsule).Replay();
    }

    private void Train(float fault, int accumulate = 1)
    {
        ClassificationDataset pictures = SmallPictures.Write(folder, 4);
        ClassifierTraining.Run(BrittleNet.Name, new(pictures, pictures), new()
        {
            Folder = folder["run"], Resume = true, Epochs = 1, BatchSize = 2, Accumulate = accumulate, Size = 32, Device = CPU,
        }, Breaking(BrittleNet.Fault, fault));
    }

    /// <summary>Sets the first parameter with such a name and rank after the first step.</summary>
    private static Breaker Breaking(string name, float value, int rank = 1) => new(name, value, rank);

    private sealed class Breaker(string prefix, float value, int rank) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, StepReport step)
        {
            using var noGrad = no_grad();
            run.Model.named_parameters()
                .First(entry => entry.name.StartsWith(prefix, StringComparison.Ordinal) && entry.parameter.dim() == rank)
                .parameter.fill_(value);
        }
    }
}
