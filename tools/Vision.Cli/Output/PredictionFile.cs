using System.Text.Json;
using Vision.Data;

namespace Vision.Cli.Output;

/// <summary>
/// What was found in images, as JSON: written image by image, so that a long video needs no memory, and under a temporary name, so that
/// the file is there whole or not at all.
/// </summary>
internal sealed class PredictionFile : IDisposable
{
    private readonly string path;
    private readonly string unfinished;
    private readonly FileStream stream;
    private readonly Utf8JsonWriter json;
    private readonly IReadOnlyList<Category> categories;

    /// <summary>Begins the file.</summary>
    public PredictionFile(string path, IReadOnlyList<Category> categories)
    {
        this.path = path;
        this.categories = categories;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        unfinished = path + ".unfinished";
        stream = File.Create(unfinished);
        json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteStartArray("images");
    }

    /// <summary>Adds an image, or a frame of a video, with its objects.</summary>
    public void Add(string file, int? frame, int width, int height, Detections detections) => Add(file, frame, width, height, "detections", detections.Count, i =>
    {
        Box box = detections.Boxes[i];
        WriteClass(categories[detections.Labels[i] - 1], detections.Scores[i]);
        json.WriteStartArray("box");
        foreach (float side in (ReadOnlySpan<float>)[box.X1, box.Y1, box.X2, box.Y2]) json.WriteNumberValue(side);
        json.WriteEndArray();
        if (detections.Masks is { } masks) WriteMask(masks[i]);
        if (detections.Keypoints is { } keypoints) WriteKeypoints(keypoints[i]);
        if (detections.Tracks is { } tracks) json.WriteNumber("track", tracks[i].Id);
    });

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

    private void WriteMask(RleMask mask)
    {
        json.WriteStartObject("mask");
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

    /// <summary>Ends the file and gives it its name.</summary>
    public void Complete()
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.Dispose();
        stream.Dispose();
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Removes what was not completed.</summary>
    public void Dispose()
    {
        json.Dispose();
        stream.Dispose();
        File.Delete(unfinished);
    }
}
