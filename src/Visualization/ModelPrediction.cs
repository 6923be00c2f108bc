using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>Runs models on videos and on folders of images, and draws their predictions. Decoding, predicting, drawing and writing go on
/// at the same time (<see cref="ImagePipeline"/>), and few images are in memory at a time.</summary>
public static class ModelPrediction
{
    /// <summary>Draws the objects that a detector finds in each frame.</summary>
    /// <param name="model">The detector.</param>
    /// <param name="source">The video to read.</param>
    /// <param name="output">The video to write, .mp4 or .avi. The file appears under its name when it is complete.</param>
    /// <param name="cancellation">Ends the video at the current frame.</param>
    /// <returns>The number of frames written.</returns>
    /// <exception cref="InputException">The source cannot be decoded, or the output cannot be written.</exception>
    public static int PredictVideo(this TrainedModel<Detections> model, string source, string output,
        CancellationToken cancellation = default) => Video(model, Painter(model), source, output, cancellation);

    /// <summary>Colors each frame by the classes that a segmenter predicts; otherwise as for detectors.</summary>
    public static int PredictVideo(this TrainedModel<SegmentationMap> model, string source, string output,
        CancellationToken cancellation = default) => Video(model, Painter(model), source, output, cancellation);

    /// <summary>Writes the most probable classes into a corner of each frame; otherwise as for detectors.</summary>
    public static int PredictVideo(this TrainedModel<ClassScores> model, string source, string output,
        CancellationToken cancellation = default) => Video(model, Painter(model), source, output, cancellation);

    /// <summary>Draws the objects that a detector finds in each image of a folder.</summary>
    /// <param name="model">The detector.</param>
    /// <param name="source">The folder to read; folders in it are not read.</param>
    /// <param name="output">The folder to write to, under the names of the images. It is created if needed.</param>
    /// <param name="predicted">Called for each written image, in the order of the names, with its file and prediction; null if these are
    /// not needed.</param>
    /// <param name="unreadable">Called with the reason for each image that cannot be read, which is left out; null to end there.</param>
    /// <param name="cancellation">Ends the folder at the current image.</param>
    /// <returns>The number of images written.</returns>
    /// <exception cref="InputException">There is no image in the folder, one cannot be read, or the output is the source or cannot be
    /// written.</exception>
    public static int PredictFolder(this TrainedModel<Detections> model, string source, string output,
        Action<string, Detections>? predicted = null, Action<InputException>? unreadable = null,
        CancellationToken cancellation = default) => Folder(model, Painter(model), source, output, predicted, unreadable, cancellation);

    /// <summary>Colors each image of a folder by the classes that a segmenter predicts; otherwise as for detectors.</summary>
    public static int PredictFolder(this TrainedModel<SegmentationMap> model, string source, string output,
        Action<string, SegmentationMap>? predicted = null, Action<InputException>? unreadable = null,
        CancellationToken cancellation = default) => Folder(model, Painter(model), source, output, predicted, unreadable, cancellation);

    /// <summary>Writes the most probable classes into a corner of each image of a folder; otherwise as for detectors.</summary>
    public static int PredictFolder(this TrainedModel<ClassScores> model, string source, string output,
        Action<string, ClassScores>? predicted = null, Action<InputException>? unreadable = null,
        CancellationToken cancellation = default) => Folder(model, Painter(model), source, output, predicted, unreadable, cancellation);

    private static Action<Mat, Detections> Painter(TrainedModel<Detections> model) => new DetectionPainter(model.Categories).Draw;

    private static Action<Mat, SegmentationMap> Painter(TrainedModel<SegmentationMap> model)
    {
        SegmentationPainter painter = new(model.Categories, model.Colors);
        return (image, map) => painter.Draw(image, map);
    }

    private static Action<Mat, ClassScores> Painter(TrainedModel<ClassScores> model)
    {
        const int shown = 5;
        ClassificationPainter painter = new(model.Categories);
        return (image, scores) => painter.Draw(image, scores.Top(shown));
    }

    private static int Video<TResult>(TrainedModel<TResult> model, Action<Mat, TResult> draw, string source, string output,
        CancellationToken cancellation)
    {
        using VideoReader reader = VideoReader.Open(source);
        using VideoSink sink = new(output, reader.FramesPerSecond);
        ImagePipeline.Run(reader.Copies(), (_, image) => model.Predict(image), draw, (_, image, _) => sink.Write(image), cancellation);
        if (sink.FrameCount == 0)
            throw new InputException($"{source}: no frame could be decoded; convert it to MP4 (H.264) or AVI, or copy it again.");
        sink.Complete();
        return sink.FrameCount;
    }

    private static int Folder<TResult>(TrainedModel<TResult> model, Action<Mat, TResult> draw, string source, string output,
        Action<string, TResult>? predicted, Action<InputException>? unreadable, CancellationToken cancellation)
    {
        if (Path.GetRelativePath(source, output) == ".")
            throw new InputException(
                $"{output} is the folder of the images, which would be replaced by annotated ones: name another folder.");
        int written = 0;
        ImagePipeline.Run(ImageFile.ReadAll(ImageFile.InFolder(source), unreadable), (_, image) => model.Predict(image), draw,
            (file, image, result) =>
            {
                ImageOutput.Write(Path.Combine(output, Path.GetFileName(file)), image);
                written++;
                predicted?.Invoke(file, result);
            }, cancellation);
        return written;
    }
}
