namespace Vision.Visualization;

/// <summary>A keypoint to be drawn.</summary>
/// <param name="X">In pixels, from the left border.</param>
/// <param name="Y">In pixels, from the upper border.</param>
/// <param name="IsDrawn">False for one that was not annotated, or not found.</param>
/// <param name="IsHidden">Whether something stands before it: it is then a ring.</param>
internal readonly record struct DrawnKeypoint(float X, float Y, bool IsDrawn, bool IsHidden);
