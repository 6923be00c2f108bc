using System.Collections;

namespace Vision.Data;

/// <summary>What a detector found in one image, the surest first.</summary>
/// <remarks>A program reads it as a list of <see cref="Detection"/>. Models and metrics use the arrays, which are of one length.</remarks>
public sealed record Detections : IReadOnlyList<Detection>
{
    /// <summary>No detections.</summary>
    public static Detections None { get; } = new() { Boxes = [], Labels = [], Scores = [] };

    /// <summary>The classes of the model: label 1 is the first. Empty where only the labels are known.</summary>
    public IReadOnlyList<Category> Categories { get; init; } = [];

    /// <summary>Boxes, xyxy in pixels of the image that was given to the model.</summary>
    public required Box[] Boxes { get; init; }

    /// <summary>Classes, 1..C.</summary>
    public required int[] Labels { get; init; }

    /// <summary>Confidences in [0, 1], descending.</summary>
    public required float[] Scores { get; init; }

    /// <summary>The pixels of each, in the image that was given to the model; null where the model gives boxes alone.</summary>
    public RleMask[]? Masks { get; init; }

    /// <summary>The keypoints of each, in pixels of the image that was given to the model; null where the model gives none.</summary>
    public Keypoint[][]? Keypoints { get; init; }

    /// <summary>Which object of a video each is; null where nothing was tracked.</summary>
    public Track[]? Tracks { get; init; }

    /// <summary>How many there are.</summary>
    public int Count => Boxes.Length;

    /// <summary>One of them; 0 is the surest.</summary>
    public Detection this[int index] => new()
    {
        Category = Categories.Count > 0 ? Categories[Labels[index] - 1] : new(Labels[index], $"class {Labels[index]}"),
        Score = Scores[index],
        Box = Boxes[index],
        Mask = Masks?[index],
        Keypoints = Keypoints?[index],
        Track = Tracks?[index],
    };

    /// <summary>Those with a score of at least <paramref name="minimum"/>.</summary>
    public Detections Above(float minimum) => First(Scores.TakeWhile(score => score >= minimum).Count());

    /// <summary>The surest <paramref name="count"/>, or all if there are fewer.</summary>
    public Detections First(int count) => count >= Count ? this : this with
    {
        Boxes = Boxes[..count], Labels = Labels[..count], Scores = Scores[..count], Masks = Masks?[..count],
            Keypoints = Keypoints?[..count], Tracks = Tracks?[..count],
    };

    /// <inheritdoc/>
    public IEnumerator<Detection> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
