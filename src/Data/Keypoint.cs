namespace Vision.Data;

/// <summary>A named point of an object, such as a person's left elbow. Its index in the object's list tells which one it is.</summary>
/// <param name="X">In pixels, from the image's left border.</param>
/// <param name="Y">In pixels, from the image's upper border.</param>
/// <param name="Visibility">In ground truth, COCO's flag: 0 not annotated, 1 hidden, 2 visible.
/// In a prediction, the model's score for the point.</param>
public readonly record struct Keypoint(float X, float Y, float Visibility);
