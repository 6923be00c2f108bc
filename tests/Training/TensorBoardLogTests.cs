using System.Text.Json.Nodes;
using OpenCvSharp;
using Vision.Testing;

namespace Vision.Training.Tests;

/// <summary>Event files, read by a reader that shares nothing with their writer but the file format.</summary>
public class TensorBoardLogTests
{
    private sealed class Values(Action<TrainingRun, StepReport> act) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, StepReport step) => act(run, step);
    }

    private static string[] FilesOf(TempFolder folder) => [.. Directory.GetFiles(folder["run"], "events.out.tfevents.*").Order()];

    private static JsonObject[] Read(string file) =>
        [.. JsonNode.Parse(Peer.Run("event_file.py", file))!.AsArray().Select(entry => entry!.AsObject())];

    [SkippableFact]
    public void A_run_has_its_losses_metrics_and_options()
    {
        Peer.Require();
        using TempFolder folder = new();
        using ToyTask task = new();
        TensorBoardLog board = new() { Histograms = true };
        Recorder recorder = new();
        Values values = new((run, step) =>
        {
            run.Log("answer", 42);
            using Mat image = new(3, 5, MatType.CV_8UC3, Scalar.Red);
            if (step.Step == 5) board.AddImage("first/picture", step.Step, image);
        });
        TrainerOptions options = TrainerTests.Options(folder) with { Folder = folder["run"], Epochs = 2, LogEverySteps = 5 };
        new Trainer<ToyBatch>(task, options, values, board, recorder).Run();

        JsonObject[] events = Read(Assert.Single(FilesOf(folder)));
        Assert.Equal("brain.Event:2", (string?)events[0]["version"]);
        Dictionary<string, JsonNode?> hyper = events.Single(entry => entry["hparams"] is not null)["hparams"]!.AsObject().ToDictionary();
        Assert.Equal(options.LearningRate, (double)hyper["LearningRate"]!);
        Assert.Equal($"{options.Optimizer}", (string?)hyper["Optimizer"]);
        Assert.DoesNotContain("Folder", hyper.Keys);
        Assert.Equal(1, (int)events[^1]["status"]!);

        JsonObject[] steps = [.. events.Where(entry => entry["scalars"]?["train/loss"] is not null)];
        Assert.Equal([5, 10, 15, 20], steps.Select(entry => (int)entry["step"]!));
        foreach (JsonObject entry in steps)
        {
            StepReport step = recorder.Steps[(int)entry["step"]! - 1];
            JsonObject scalars = entry["scalars"]!.AsObject();
            Assert.Equal(step.Loss, (double)scalars["train/loss"]!, 1e-6 * step.Loss);
            Assert.Equal(step.LearningRate, (double)scalars["train/learning_rate"]!, 1e-6);
            Assert.Equal(step.GradientNorm!.Value, (double)scalars["train/gradient_norm"]!, 1e-5 * step.GradientNorm.Value);
            Assert.Equal(42, (double)scalars["logged/answer"]!);
        }
        JsonObject[] epochs = [.. events.Where(entry => entry["scalars"]?["epoch/loss"] is not null)];
        Assert.Equal([10, 20], epochs.Select(entry => (int)entry["step"]!));
        foreach (var (entry, epoch) in epochs.Zip(recorder.Epochs))
            foreach (var (name, value) in epoch.Validation.Metrics)
                Assert.Equal(value, (double)entry["scalars"]![$"validation/{name}"]!, 1e-6 * Math.Abs(value));

        JsonArray picture = events.Single(entry => entry["image"] is not null)["image"]!.AsArray();
        Assert.Equal("""["first/picture",3,5,3,"89504e470d0a1a0a"]""", picture.ToJsonString());
        JsonArray[] histograms = [.. events.Select(entry => entry["histogram"]).OfType<JsonArray>()];
        Assert.Equal(2 * task.Model.named_parameters().Count(), histograms.Length);
        Assert.All(histograms, histogram => Assert.Equal((double)histogram[1]!, histogram[3]!.AsArray().Sum(count => (double)count!)));
    }

    [SkippableFact]
    public void A_resumed_run_replaces_the_steps_that_it_repeats()
    {
        Peer.Require();
        using TempFolder folder = new();
        TrainerOptions options = TrainerTests.Options(folder) with { Folder = folder["run"], Epochs = 2, LogEverySteps = 1 };
        using (ToyTask killed = new() { BeforeStep = (epoch, batch) => { if (epoch == 1 && batch == 4) throw new TimeoutException(); } })
            Assert.Throws<TimeoutException>(() => new Trainer<ToyBatch>(killed, options, new TensorBoardLog()).Run());
        using (ToyTask resumed = new())
            new Trainer<ToyBatch>(resumed, options with { Resume = true }, new TensorBoardLog()).Run();
        string[] files = FilesOf(folder);
        Assert.Equal(2, files.Length);
        JsonObject[] first = Read(files[0]), second = Read(files[1]);
        Assert.Equal(14, first.Count(entry => entry["scalars"]?["train/loss"] is not null));
        Assert.DoesNotContain(first, entry => entry["status"] is not null);
        // What TensorBoard's readers drop: events from this step on.
        Assert.Equal(11, (int)second.Single(entry => (int?)entry["session"] == 1)["step"]!);
        Assert.Equal(Enumerable.Range(11, 10), second.Where(entry => entry["scalars"]?["train/loss"] is not null)
            .Select(entry => (int)entry["step"]!));
    }
}
