using System.Runtime.InteropServices;
using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Detection;
using Vision.Segmentation;
using Vision.Snippets;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

/// <summary>What the processes that tests start do: this assembly is their program, too.</summary>
internal static partial class Worker
{
    public static int Main(string[] arguments)
    {
        if (ProcessGroup.Current.Size == 1) set_num_threads(1);
        string run = arguments[1];
        switch (arguments[0])
        {
            case "points":
                Points(run, int.Parse(arguments[2]), bool.Parse(arguments[3]), _ => { }, resume: arguments.Length > 4);
                break;
            case "models":
                Models(run);
                break;
            case "kill":
                Points(run, 200, false, At(50, () => kill(Environment.ProcessId, 9)));
                break;
            case "stop":
                Points(run, 200, false, At(50, () => kill(Environment.ProcessId, 19)));
                break;
            case "throw":
                Points(run, 200, false, At(50, () => throw new InputException("photo.jpg cannot be decoded.")));
                break;
            case "apart":
                Points(run, 200, false, At(50, () => ProcessGroup.Current.Gather([])));
                break;
            case "cut":
                Points(run, 100_000, false, index => Thread.Sleep(1));
                break;
            case "cancel":
                Points(run, 100_000, false, At(50, () => kill(Environment.ProcessId, 15)));
                break;
        }
        return 0;
    }

    /// <summary>Does something in the last process at the step of an index.</summary>
    private static Action<int> At(int step, Action action) => index =>
    {
        if (index == step && ProcessGroup.Current is { Rank: > 0 } group && group.Rank == group.Size - 1) action();
    };

    /// <summary>Trains on points; also called in the test's own process, which is the one process that others are compared with.</summary>
    public static void Points(string run, int steps, bool norm, Action<int> before, bool resume = false)
    {
        // Batches that three processes cannot divide evenly, and one with an image for a single process.
        int[] sizes = [.. Enumerable.Range(0, steps).Select(index => norm || index % 5 < 4 ? 6 + index % 3 : 1)];
        using PartTask task = new(norm, sizes) { BeforeStep = before };
        TrainerOptions options = new()
        {
            Folder = run, Epochs = steps > 100 ? 1 : 2, LearningRate = 0.05, WarmupSteps = 3, ClipGradientNorm = 2, AverageDecay = 0.9, LogEverySteps = 1,
            Accumulate = norm ? 1 : 2, SyncBatchNorm = norm, Resume = resume,
        };
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        TrainingResult result = new Trainer<ToyBatch>(task, options).Run(stop.Token);
        if (ProcessGroup.Current.IsFirst) Console.WriteLine(result.Finished ? "finished" : "canceled");
    }

    /// <summary>Trains a network of each kind on small images.</summary>
    public static void Models(string run)
    {
        try
        {
            TinyNetUse.Register();
        }
        catch (ArgumentException)
        {
            // Another test has registered it.
        }
        using TempFolder folder = new();
        ClassificationDataset pictures = SmallPictures.Write(folder, 13);
        ClassifierTraining.Run("tinynet", new(pictures, pictures), new()
        {
            Folder = Path.Combine(run, "classifier"), Epochs = 2, BatchSize = 4, LogEverySteps = 1, SyncBatchNorm = true, Size = 32,
            LearningRate = 0.01,
        }, new Recorder());
        DetectionDataset scenes = SmallScenes.Write(folder, 21);
        DetectorTraining.Run("retinanet_tinynet_fpn", new(scenes, scenes), new()
        {
            Folder = Path.Combine(run, "detector"), Epochs = 1, BatchSize = 4, LogEverySteps = 1, SyncBatchNorm = true, MinSize = 64,
            MaxSize = 96, LearningRate = 0.002,
        }, new Recorder());
        SegmentationDataset masks = SmallMasks.Write(folder, 24);
        SegmenterTraining.Run("fcn_tinynet", new(masks, masks), new()
        {
            Folder = Path.Combine(run, "segmenter"), Epochs = 1, BatchSize = 4, LogEverySteps = 1, SyncBatchNorm = true, MinSize = 48,
            CropSize = 48, LearningRate = 0.01,
        }, new Recorder());
    }

    [LibraryImport("libc.so.6")]
    private static partial int kill(int process, int signal);
}
