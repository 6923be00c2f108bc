using Vision.Data;

namespace Vision.Evaluation.Tests;

/// <summary>Hand-made ground truth and detections.</summary>
internal sealed class Scene(params string[] categories)
{
    private readonly SortedDictionary<long, (List<Annotation> Truths, List<(Box Box, int Label, float Score)> Found)> images = [];

    public Scene Image(long id)
    {
        images.TryAdd(id, ([], []));
        return this;
    }

    public Scene Truth(long image, Box box, int label = 1, bool crowd = false)
    {
        Image(image);
        images[image].Truths.Add(new() { Id = 1, Box = box, Label = label, IsCrowd = crowd, Area = box.Area });
        return this;
    }

    public Scene Found(long image, Box box, float score, int label = 1)
    {
        Image(image);
        images[image].Found.Add((box, label, score));
        return this;
    }

    /// <param name="reversed">Adds the images in descending order of ids.</param>
    public CocoMetrics Evaluate(bool reversed = false) => Results(reversed).Evaluate().Boxes;

    public DetectionResults Results(bool reversed = false)
    {
        DetectionResults results = new([.. categories.Select((name, i) => new Category(10 * (i + 1), name))]);
        foreach (var (id, (truths, found)) in reversed ? images.Reverse() : images)
            results.Add(
                new() { ImageId = id, File = $"{id}.jpg", Width = 1000, Height = 1000, Objects = truths },
                new() { Boxes = [.. found.Select(f => f.Box)], Labels = [.. found.Select(f => f.Label)],
                    Scores = [.. found.Select(f => f.Score)] });
        return results;
    }
}
