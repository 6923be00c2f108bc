using System.Text.Json;
using Vision.Data;

namespace Vision.Cli.Output;

/// <summary>
/// Predictions for images, as the toolkit's own JSON or as a COCO results file, written image by image, so that memory stays constant for
/// long videos. The file is either complete or absent.
/// </summary>
internal sealed class PredictionFile : IDisposable
{
    private readonly UnfinishedFile file;
    private readonly Utf8JsonWriter json;
    private readonly IReadOnlyList<Category> categories;
    private readonly Func<string, long>? cocoIdOf;

    /// <summary>Starts the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="categories">The model's classes.</param>
    /// <param name="cocoIdOf">The id of each image file, for a COCO results file; null for the toolkit's own JSON.</param>
    public PredictionFile(string path, IReadOnlyList<Category> categories, Func<string, long>? cocoIdOf = null)
    {
        (this.categories, this.cocoIdOf) = (categories, cocoIdOf);
        file = new(path);
        json = new Utf8JsonWriter(file.Stream);
        if (cocoIdOf is null)
        {
            json.WriteStartObject();
            json.WriteStartArray("images");
        }
        else json.WriteStartArray();
    }

    /// <summary>Adds an image, or a frame of a video, with its objects.</summary>
    public void Add(string file, int? frame, int width, int height, Detections detections)
    {
        if (cocoIdOf is not null) AddResults(cocoIdOf(file), detections);
        else Add(file, frame, width, height, "detections", detections.Count, i =>
        {
            Box box = detections.Boxes[i];
            WriteClass(categories[detections.Labels[i] - 1], detections.Scores[i]);
            json.WriteStartArray("box");
            foreach (float side in (ReadOnlySpan<float>)[box.X1, box.Y1, box.X2, box.Y2]) json.WriteNumberValue(side);
            json.WriteEndArray();
            if (detections.Masks is { } masks) WriteMask("mask", masks[i]);
            if (detections.Keypoints is { } keypoints) WriteKeypoints(keypoints[i]);
            if (detections.Tracks is { } tracks) json.WriteNumber("track", tracks[i].Id);
        });
    }

    /// <summary>Adds an image's objects as COCO results, in double precision, so that reading them back is exact.</summary>
    private void AddResults(long imageId, Detections detections)
    {
        foreach (var (i, box) in detections.Boxes.Index())
        {
            json.WriteStartObject();
            json.WriteNumber("image_id", imageId);
            json.WriteNumber("category_id", categories[detections.Labels[i] - 1].Id);
            WriteNumbers("bbox", [box.X1, box.Y1, (double)box.X2 - box.X1, (double)box.Y2 - box.Y1]);
            json.WriteNumber("score", (double)detections.Scores[i]);
            if (detections.Masks is { } masks) WriteMask("segmentation", masks[i]);
            if (detections.Keypoints is { } keypoints)
                WriteNumbers("keypoints", [.. keypoints[i].SelectMany(point => new double[] { point.X, point.Y, point.Visibility })]);
            json.WriteEndObject();
        }
        json.Flush();
    }

    /// <summary>Adds an image, or a frame of a video, with its classes.</summary>
    public void Add(string file, int? frame, int width, int height, ClassScores scores) =>
        Add(file, frame, width, height, "classes", scores.Labels.Length, i => WriteClass(categories[scores.Labels[i]], scores.Scores[i]));

    private void Add(string file, int? frame, int width, int height, string kind, int count, Action<int> write)
    {
        json.WriteStartObject();
        json.WriteString("file", file);
        if (frame is { } number) json.WriteNumber("frame", number);
        json.WriteNumber("width", width);
        json.WriteNumber("height", height);
        json.WriteStartArray(kind);
        for (int i = 0; i < count; i++)
        {
            json.WriteStartObject();
            write(i);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }

    private void WriteClass(Category category, float score)
    {
        json.WriteNumber("category_id", category.Id);
        json.WriteString("label", category.Name);
        json.WriteNumber("score", score);
    }

    private void WriteNumbers(string name, ReadOnlySpan<double> numbers)
    {
        json.WriteStartArray(name);
        foreach (double number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private void WriteMask(string name, RleMask mask)
    {
        json.WriteStartObject(name);
        json.WriteStartArray("size");
        json.WriteNumberValue(mask.Height);
        json.WriteNumberValue(mask.Width);
        json.WriteEndArray();
        json.WriteString("counts", mask.ToCompressed());
        json.WriteEndObject();
    }

    private void WriteKeypoints(Keypoint[] keypoints)
    {
        json.WriteStartArray("keypoints");
        foreach (Keypoint point in keypoints)
            foreach (float value in (ReadOnlySpan<float>)[point.X, point.Y, point.Visibility]) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    /// <summary>Completes the file and gives it its name.</summary>
    public void Complete()
    {
        json.WriteEndArray();
        if (cocoIdOf is null) json.WriteEndObject();
        json.Flush();
        file.Complete();
    }

    /// <summary>Deletes an incomplete file.</summary>
    public void Dispose()
    {
        file.Dispose();
    }
}
