using System.Collections;

namespace Vision.Data;

/// <summary>The objects that a detector found in one image, highest score first.</summary>
/// <remarks>Programs read it as a list of <see cref="Detection"/>. Models and metrics use the arrays, which have equal lengths.</remarks>
public sealed record Detections : IReadOnlyList<Detection>
{
    /// <summary>No detections.</summary>
    public static Detections None { get; } = new() { Boxes = [], Labels = [], Scores = [] };

    /// <summary>The classes of the model: label 1 is the first. Empty if only the labels are known.</summary>
    public IReadOnlyList<Category> Categories { get; init; } = [];

    /// <summary>Boxes, xyxy in pixels of the model's input image.</summary>
    public required Box[] Boxes { get; init; }

    /// <summary>Class labels, 1..C.</summary>
    public required int[] Labels { get; init; }

    /// <summary>Confidences in [0, 1], descending.</summary>
    public required float[] Scores { get; init; }

    /// <summary>The mask of each object in the model's input image; null if the model predicts only boxes.</summary>
    public RleMask[]? Masks { get; init; }

    /// <summary>The keypoints of each object, in pixels of the model's input image; null if the model predicts none.</summary>
    public Keypoint[][]? Keypoints { get; init; }

    /// <summary>The track of each object in a video; null without tracking.</summary>
    public Track[]? Tracks { get; init; }

    /// <summary>The number of objects.</summary>
    public int Count => Boxes.Length;

    /// <summary>The object at an index; 0 has the highest score.</summary>
    public Detection this[int index] => new()
    {
        Category = Categories.Count > 0 ? Categories[Labels[index] - 1] : new(Labels[index], $"class {Labels[index]}"),
        Score = Scores[index],
        Box = Boxes[index],
        Mask = Masks?[index],
        Keypoints = Keypoints?[index],
        Track = Tracks?[index],
    };

    /// <summary>The objects with a score of at least <paramref name="minimum"/>.</summary>
    public Detections Above(float minimum) => First(Scores.TakeWhile(score => score >= minimum).Count());

    /// <summary>The <paramref name="count"/> objects with the highest scores, or all if there are fewer.</summary>
    public Detections First(int count) => count >= Count ? this : this with
    {
        Boxes = Boxes[..count], Labels = Labels[..count], Scores = Scores[..count],
        Masks = Masks?[..count], Keypoints = Keypoints?[..count], Tracks = Tracks?[..count],
    };

    /// <inheritdoc/>
    public IEnumerator<Detection> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
