using System.Diagnostics;
using OpenCvSharp;
using Spectre.Console;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Detection;
using Vision.Training;
using Vision.Visualization;

namespace Vision.Cli.Demo;

/// <summary>The complete workflow on drawn shapes: a data set, training, evaluation, and annotated images and a video.</summary>
internal static class ShapeDemo
{
    private const string Model = "fasterrcnn_resnet18_fpn";
    private const int ImageSize = 64;
    private const int TrainingImages = 640, ValidationImages = 50, ShownImages = 12, VideoFrames = 120;
    private const double FramesPerSecond = 20;
    private const float Score = 0.5f;

    /// <summary>The factor by which images are enlarged, for readable captions.</summary>
    private const int Enlargement = 6;

    /// <summary>Runs the demo.</summary>
    /// <param name="path">The folder for everything.</param>
    /// <param name="seed">The seed of the shapes and the initial weights.</param>
    /// <param name="cancellation">Cancels training.</param>
    /// <returns>Whether it ran to the end.</returns>
    /// <exception cref="InputException">The folder exists and is not that of a demo.</exception>
    public static bool Run(string path, int seed, CancellationToken cancellation)
    {
        Stopwatch time = Stopwatch.StartNew();
        (DemoFolder folder, bool wasThere) = DemoFolder.Make(path);
        AnsiConsole.WriteLine(wasThere ? $"Replacing {path} of an earlier demo." : $"Creating {path}.");

        ShapeDataset.Write(folder.Data, "train", TrainingImages, ImageSize, seed: 2 * seed);
        ShapeDataset.Write(folder.Data, "val", ValidationImages, ImageSize, seed: (2 * seed) + 1);
        DataSplits<DetectionDataset> data = DetectionData.Open(folder.Data, DatasetFormat.Coco);
        using DetectorTraining training = DetectorTraining.Prepare(Model, data, Recipe(folder, seed), cancellation);
        if (!TrainingShow.Run(training, cancellation))
        {
            AnsiConsole.WriteLine($"Stopped. vision demo starts over each time; the model trained so far is in {folder.Model}.");
            return false;
        }

        using TrainedDetector detector = TrainedDetector.Load(RunFolder.At(folder.Model).Best);
        PaintImages(folder, detector, data.Validation);
        PaintVideo(folder, detector, seed);
        AnsiConsole.WriteLine(
            $"Done in {time.Elapsed:m\\:ss}. See {folder.Images}, {folder.Video} and the plots in {path}; {path}/ABOUT.txt lists them.");
        return true;
    }

    /// <summary>A recipe that learns within minutes: many small images, few regions per image, AdamW,
    /// and a learning rate that decays to 0.</summary>
    private static DetectorTrainingOptions Recipe(DemoFolder folder, int seed) => new()
    {
        Folder = folder.Model,
        PlotFolder = folder.Root,
        Epochs = 3,
        BatchSize = 8,
        Optimizer = OptimizerKind.AdamW,
        LearningRate = 0.001,
        WarmupSteps = 20,
        Schedule = ScheduleKind.Cosine,
        MinSize = ImageSize,
        MaxSize = ImageSize,
        Configure = network => network with
        {
            Rpn = new() { TrainTopPerLevel = 300, TrainProposals = 300 },
            Roi = new() { SamplesPerImage = 32 },
        },
        Seed = seed,
        LogEverySteps = 2,
    };

    private static void PaintImages(DemoFolder folder, TrainedDetector detector, DetectionDataset validation)
    {
        DetectionPainter painter = new(detector.Categories);
        foreach (Targets truth in validation.Samples.Take(ShownImages))
        {
            using Mat image = ImageFile.Read(truth.File);
            using Mat pair = painter.SideBySide(image, truth, detector.Predict(image).Above(Score), Enlargement);
            ImageOutput.Write(Path.Combine(folder.Images, Path.GetFileName(truth.File)), pair);
        }
    }

    private static void PaintVideo(DemoFolder folder, TrainedDetector detector, int seed)
    {
        DetectionPainter painter = new(detector.Categories);
        using VideoSink video = new(folder.Video, FramesPerSecond);
        foreach (Mat frame in ShapeVideo.Frames(ImageSize, VideoFrames, seed))
        {
            using Mat painted = painter.Painted(frame, detector.Predict(frame).Above(Score), Enlargement);
            video.Write(painted);
        }
        video.Complete();
    }
}
