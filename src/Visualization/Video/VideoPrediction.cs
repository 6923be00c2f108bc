using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>Runs models on videos and draws their predictions on each frame.</summary>
public static class VideoPrediction
{
    /// <summary>Draws the objects that a detector finds in each frame.</summary>
    /// <param name="model">The detector.</param>
    /// <param name="source">The video to read.</param>
    /// <param name="output">The video to write, .mp4 or .avi. The file appears under its name when it is complete.</param>
    /// <param name="cancellation">Ends the video at the current frame.</param>
    /// <returns>The number of frames written.</returns>
    /// <exception cref="InputException">The source cannot be decoded, or the output cannot be written.</exception>
    public static int PredictVideo(this TrainedModel<Detections> model, string source, string output,
        CancellationToken cancellation = default)
    {
        DetectionPainter painter = new(model.Categories);
        return Run(model, source, output, painter.Draw, cancellation);
    }

    /// <summary>Colors each frame by the classes that a segmenter predicts; otherwise as for detectors.</summary>
    public static int PredictVideo(this TrainedModel<SegmentationMap> model, string source, string output,
        CancellationToken cancellation = default)
    {
        SegmentationPainter painter = new(model.Categories, model.Colors);
        return Run(model, source, output, (image, map) => painter.Draw(image, map), cancellation);
    }

    /// <summary>Writes the most probable classes into a corner of each frame; otherwise as for detectors.</summary>
    public static int PredictVideo(this TrainedModel<ClassScores> model, string source, string output,
        CancellationToken cancellation = default)
    {
        const int shown = 5;
        ClassificationPainter painter = new(model.Categories);
        return Run(model, source, output, (image, scores) => painter.Draw(image, scores.Top(shown)), cancellation);
    }

    private static int Run<TResult>(TrainedModel<TResult> model, string source, string output, Action<Mat, TResult> draw,
        CancellationToken cancellation)
    {
        using VideoReader reader = VideoReader.Open(source);
        using VideoSink sink = new(output, reader.FramesPerSecond);
        FramePipeline.Run(reader.Frames(), (image, _) => model.Predict(image), draw, sink.Write, cancellation);
        if (sink.FrameCount == 0)
            throw new InputException($"{source}: no frame could be decoded; convert it to MP4 (H.264) or AVI, or copy it again.");
        sink.Complete();
        return sink.FrameCount;
    }
}
