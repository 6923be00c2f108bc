using System.Globalization;
using OpenCvSharp;
using Spectre.Console;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Visualization;

namespace Vision.Cli.Prediction;

/// <summary>Runs a model on images and videos, and writes annotated ones.</summary>
/// <param name="model">The model.</param>
/// <param name="folder">The folder for annotated images and videos.</param>
/// <param name="live">Whether to also show frames in a window.</param>
internal sealed class Predictor(IImagePredictor model, string folder, bool live)
{
    /// <summary>Processes image files. Unreadable ones among several are reported and skipped.</summary>
    /// <returns>The number of skipped files.</returns>
    /// <exception cref="InputException">The only file cannot be read, or a result cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    public int Images(IReadOnlyList<string> files, CancellationToken cancellation)
    {
        int skipped = 0;
        ImagePipeline.Run(ImageFile.ReadAll(files, files.Count == 1 ? null : Skip), (file, image) =>
        {
            // Ends all steps at once, whereas the pipeline would first process the images that are already decoded.
            cancellation.ThrowIfCancellationRequested();
            return model.Predict(image, file, null);
        }, (image, seen) => seen.Finish(image), (file, image, seen) =>
        {
            string annotated = Path.Combine(folder, Path.GetFileName(file));
            ImageOutput.Write(annotated, image);
            AnsiConsole.WriteLine($"{file}: {seen.Text} → {annotated}");
        }, CancellationToken.None);
        if (skipped > 0) Console.Error.WriteLine($"vision: {skipped} of {files.Count} images could not be read and were skipped");
        return skipped;

        void Skip(InputException reason)
        {
            skipped++;
            Console.Error.WriteLine($"vision: {reason.Message}");
        }
    }

    /// <summary>Processes a video, or a camera until canceled, frame by frame.</summary>
    /// <returns>1 if it was damaged or frames were lost, else 0.</returns>
    public int Frames(PredictionSource source, CancellationToken cancellation)
    {
        using VideoReader reader = source.Camera is { } camera ? VideoReader.OpenCamera(camera) : VideoReader.Open(source.Path);
        if (source.Camera is not null) AnsiConsole.WriteLine($"Reading {source.Name}; press Ctrl-C to stop.");
        string name = source.Camera is null ? source.Path : source.Name, output = Path.Combine(folder, $"{source.Name}.mp4");
        using VideoSink sink = new(output, reader.FramesPerSecond);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using LiveWindow? window = live ? new(name, end.Cancel) : null;
        // Ctrl-C, or closing the window, acts like the end of the video: results so far are kept.
        ProgressBar.Show(name, progress =>
        {
            ImagePipeline.Run(
                reader.Copies(), (index, image) => model.Predict(image, name, index), (image, seen) => seen.Finish(image), (_, image, _) =>
                {
                    sink.Write(image);
                    window?.Show(image);
                    progress(sink.FrameCount, reader.FrameCount ?? 0);
                }, end.Token);
            return sink.FrameCount;
        });
        foreach (string problem in reader.Problems) Console.Error.WriteLine($"vision: {problem}");
        if (sink.FrameCount == 0)
            throw new InputException($"{name}: no frame could be decoded; convert it to MP4 (H.264) or AVI, or copy it again.");
        sink.Complete();
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {sink.FrameCount} frames → {output}"));
        return reader.Problems.Count > 0 ? 1 : 0;
    }
}
