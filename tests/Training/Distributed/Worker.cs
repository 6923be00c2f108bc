using System.Runtime.InteropServices;
using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Detection;
using Vision.Evaluation;
using Vision.Segmentation;
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
            case "evaluate":
                Console.WriteLine(Evaluate());
                break;
            case "overlap":
                Overlap();
                break;
            case "scale":
                Scale(int.Parse(arguments[2]));
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
                Points(run, 200, false, At(50, () => ProcessGroup.Current.Sum(zeros(1), Lane.Norms)));
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
            Folder = run, Epochs = steps > 100 ? 1 : 2, LearningRate = 0.05, WarmupSteps = 3, ClipGradientNorm = 2, AverageDecay = 0.9,
            LogEverySteps = 1,
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
        TinyNetName.Register();
        using TempFolder folder = new();
        ClassificationDataset pictures = SmallPictures.Write(folder, 13);
        ClassifierTraining.Run("tinynet", new(pictures, pictures), new()
        {
            Folder = Path.Combine(run, "classifier"), Epochs = 2, BatchSize = 4, LogEverySteps = 1, SyncBatchNorm = true, Size = 32,
            LearningRate = 0.01,
        }, new Recorder());
        DetectionDataset scenes = SmallScenes.Write(folder, 9);
        DetectorTraining.Run("retinanet_tinynet_fpn", new(scenes, scenes), new()
        {
            Folder = Path.Combine(run, "detector"), Epochs = 1, BatchSize = 4, LogEverySteps = 1, SyncBatchNorm = true, MinSize = 64,
            MaxSize = 96, LearningRate = 0.002,
        }, new Recorder());
        SegmentationDataset masks = SmallMasks.Write(folder, 9);
        manual_seed(6).Dispose();
        using Segmenter segmenter = SegmenterCatalog.Create("fcn_tinynet", new() { NumClasses = masks.Categories.Count });
        // Each process draws for itself, so its dropout is another.
        foreach (Dropout dropout in segmenter.modules().OfType<Dropout>()) dropout.register_forward_hook((_, x, _) => x.alias());
        ProcessGroup group = ProcessGroup.Current;
        LoaderOptions loading = new() { BatchSize = 4, Part = group.Size > 1 ? new(group.Rank, group.Size) : null };
        SegmentationTask task = new(segmenter, new(masks, loading), masks, new()
        {
            Model = "fcn_tinynet", Categories = masks.Categories, Options = new() { NumClasses = masks.Categories.Count },
        }, new CrossEntropy());
        new Trainer<SegmentationBatch>(task, new()
        {
            Folder = Path.Combine(run, "segmenter"), Epochs = 1, LogEverySteps = 1, SyncBatchNorm = true, LearningRate = 0.01,
        }).Run();
    }

    /// <summary>Evaluates predictions that are neither right nor all wrong.</summary>
    /// <returns>All figures, with every digit, in the first process.</returns>
    public static string Evaluate()
    {
        TinyNetName.Register();
        ProcessGroup group = ProcessGroup.Current;
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        DetectionDataset scenes = SmallScenes.Write(folder, 7);
        Dictionary<float, Targets> byMean = scenes.Samples.ToDictionary(sample => ImageTensorOf(sample.File).mean().item<float>());
        DetectionMetrics? found = SharedEvaluation.Collect(group,
            part => DetectorEvaluation.Collect(image => Near(byMean[image.mean().item<float>()]), scenes, part, null, default),
            (results, writer) => results.Write(writer),
            (results, reader) => results.Read(reader, id => scenes.Samples.Single(sample => sample.ImageId == id)))?.Evaluate();
        SegmentationDataset masks = SmallMasks.Write(folder, 7);
        manual_seed(6).Dispose();
        using Segmenter segmenter = SegmenterCatalog.Create("fcn_tinynet", new() { NumClasses = masks.Categories.Count });
        segmenter.eval();
        Noted<SegmentationResults>? segmented = SharedEvaluation.Collect(group,
            part => new Noted<SegmentationResults>(SegmenterEvaluation.Collect(segmenter, new(), masks, part, null, default)),
            (results, writer) => results.Write(writer, results.Results.Write),
            (results, reader) => results.Add(reader, results.Results.Read));
        if (found is null || segmented is null) return "";
        SegmentationMetrics pixels = segmented.Results.Metrics(segmented.Notes);
        return string.Join(' ', [.. found.Figures().Select(figure => $"{figure.Key} {figure.Value:R}"),
            $"mIoU {pixels.MeanIou:R} boundary {pixels.BoundaryF:R} correct {pixels.PixelAccuracy:R}"]);
    }

    /// <summary>Says how many buckets of gradients were full before the backward pass had ended.</summary>
    private static void Overlap()
    {
        using var scope = NewDisposeScope();
        using Backbone model = BackboneRegistry.Create("resnet18", new() { NumClasses = 10 });
        using GradientReducer reducer = new(ProcessGroup.Current, model);
        reducer.Begin();
        model.call(rand(2, 3, 32, 32)).sum().backward();
        reducer.Finish();
        if (ProcessGroup.Current.IsFirst) Console.WriteLine($"{reducer.CountDuringBackward} of {reducer.Count}");
    }

    /// <summary>Measures steps, for docs/guide/several-machines.md: images per second of each after the first three.</summary>
    private static void Scale(int threads)
    {
        set_num_threads(threads);
        using TempFolder folder = new();
        DetectionDataset scenes = SmallScenes.Write(folder, 60, 320, 240);
        Recorder recorder = new();
        DetectorTraining.Run("fasterrcnn_resnet18_fpn", new(scenes, new() { Name = "few", Categories = scenes.Categories,
            Samples = [.. scenes.Samples.Take(2)] }), new()
        {
            Folder = folder["run"], Epochs = 1, BatchSize = 4, MinSize = 240, MaxSize = 320, LearningRate = 0.001,
        }, recorder);
        if (!ProcessGroup.Current.IsFirst) return;
        double[] rates = [.. recorder.Steps.Skip(3).Select(step => step.ImagesPerSecond).Order()];
        Console.WriteLine($"{rates[rates.Length / 2]:F2} images/s, best {rates[^1]:F2}");
    }

    private static Tensor ImageTensorOf(string file) => new DetectionLoader(
        new() { Name = "one", Categories = [], Samples = [new() { ImageId = 1, File = file, Width = 128, Height = 96 }] },
        new() { BatchSize = 1 }).Epoch(0).Single().Images[0];

    /// <summary>The objects of an image, moved a little, with other scores, and one too many.</summary>
    private static Detections Near(Targets targets)
    {
        Random random = new((int)targets.ImageId);
        Box[] boxes = [.. targets.Objects.Append(targets.Objects[0]).Select(truth =>
        {
            float shift = 12 * random.NextSingle();
            return new Box(truth.Box.X1 + shift, truth.Box.Y1, truth.Box.X2 + shift, truth.Box.Y2);
        })];
        return new()
        {
            Boxes = boxes, Labels = [.. boxes.Select(_ => random.Next(1, 3))],
            Scores = [.. boxes.Select(_ => random.NextSingle()).OrderDescending()],
        };
    }

    [LibraryImport("libc.so.6")]
    private static partial int kill(int process, int signal);
}
