using System.Diagnostics;
using OpenCvSharp;
using TorchSharp;
using Vision.Classification;
using Vision.Cli.Benchmarks;
using Vision.Data;
using Vision.Detection;
using Vision.Graphs;
using Vision.Segmentation;
using Vision.Training;
using static TorchSharp.torch;

namespace Vision.Cli.Experiments;

/// <summary>What a trained model costs.</summary>
/// <param name="Parameters">The number of its parameters.</param>
/// <param name="MultiplyAdds">Multiply-adds for the first validation image; null if they cannot be counted.</param>
/// <param name="Milliseconds">The time to predict a validation image on this machine, the mean of some; null if not measured.</param>
internal sealed record RunCost(long Parameters, long? MultiplyAdds, double? Milliseconds)
{
    private const int MostImages = 4, Rounds = 5, NoiseWidth = 640, NoiseHeight = 480, Multiple = 32;

    /// <summary>Loads a model, and counts and measures.</summary>
    /// <param name="run">A run of it.</param>
    /// <param name="timed">Whether to measure the time.</param>
    /// <exception cref="InputException">Its weights cannot be read.</exception>
    public static RunCost Of(RunSummary run, bool timed)
    {
        using var scope = NewDisposeScope();
        Device device = ComputeDevice.Named("auto");
        string weights = run.Files.Best;
        switch (ModelKinds.Of(run.Description.Model))
        {
            case ModelKind.Classifier:
                using (TrainedClassifier model = TrainedClassifier.Load(weights, device: device))
                {
                    int side = model.Description.Preprocessing.Crop;
                    return Of(run, timed, model.Model, () => Summary(model.Model, side, side), model.Compile,
                        image => model.Predict(image));
                }
            case ModelKind.Segmenter:
                using (TrainedSegmenter model = TrainedSegmenter.Load(weights, device: device))
                    return Of(run, timed, model.Model, () =>
                    {
                        (int width, int height) = SizeOf(run);
                        double scale = model.Description.ShorterSide is { } side ? (double)side / Math.Min(width, height) : 1;
                        return Summary(model.Model, Scaled(height, scale), Scaled(width, scale));
                    }, model.Compile, image => model.Predict(image));
            default:
                using (TrainedDetector model = TrainedDetector.Load(weights, device: device))
                    return Of(run, timed, model.Model, () =>
                    {
                        (int width, int height) = SizeOf(run);
                        DetectorOptions options = model.Description.Options;
                        double scale = Math.Min((double)options.MinSize / Math.Min(width, height),
                            (double)options.MaxSize / Math.Max(width, height));
                        return model.Model.Summarize(Padded(Scaled(height, scale)), Padded(Scaled(width, scale)));
                    }, model.Compile, image => model.Predict(image));
        }
    }

    private static RunCost Of(RunSummary run, bool timed, nn.Module network, Func<NetworkSummary> summarize, Action compile,
        Action<Mat> predict)
    {
        long parameters = network.parameters().Sum(parameter => parameter.numel());
        long? multiplyAdds = null;
        try
        {
            if (network.parameters().First().device.type == DeviceType.CPU) multiplyAdds = summarize().MultiplyAdds;
        }
        catch (NotSupportedException)
        {
            // A network that no graph can express has no number here, as "vision summary" says.
        }
        return new(parameters, multiplyAdds, timed ? Measure(run, compile, predict) : null);
    }

    private static double Measure(RunSummary run, Action compile, Action<Mat> predict)
    {
        try
        {
            compile();
        }
        catch (NotSupportedException)
        {
            // It is predicted eagerly, as "vision predict" would do.
        }
        Mat[] images = [.. FilesOf(run).Take(MostImages).Select(file => ImageFile.Read(file))];
        if (images.Length == 0) images = [Noise()];
        try
        {
            double[] fastest = [.. images.Select(_ => double.PositiveInfinity)];
            Timing.Of(() => predict(images[0]), 1);                             // warms up
            // Other work on the machine only adds, so the fastest of several rounds counts; images take different times.
            for (int round = 0; round < Rounds; round++)
                for (int i = 0; i < images.Length; i++)
                    fastest[i] = Math.Min(fastest[i], Time(() => predict(images[i])));
            return fastest.Average();
        }
        finally
        {
            foreach (Mat image in images) image.Dispose();
        }
    }

    private static double Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static Mat Noise()
    {
        Mat noise = new(NoiseHeight, NoiseWidth, MatType.CV_8UC3);
        new Random(0).NextBytes(noise.AsSpan<byte>());
        return noise;
    }

    private static NetworkSummary Summary(nn.Module network, int height, int width) =>
        NetworkSummary.Of((nn.Module<Tensor, Tensor>)network, zeros(1, 3, height, width));

    private static (int Width, int Height) SizeOf(RunSummary run) =>
        FilesOf(run).FirstOrDefault() is { } file ? ImageFile.ReadSize(file) : (NoiseWidth, NoiseHeight);

    /// <summary>The validation images that are still where they were.</summary>
    private static IEnumerable<string> FilesOf(RunSummary run) =>
        run.Images.Images.Select(name => Path.Combine(run.Images.Folder, name)).Where(File.Exists);

    private static int Scaled(int side, double scale) => Math.Max(1, (int)Math.Round(side * scale));

    private static int Padded(int side) => (side + Multiple - 1) / Multiple * Multiple;
}
