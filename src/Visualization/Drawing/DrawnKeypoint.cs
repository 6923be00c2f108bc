namespace Vision.Visualization;

/// <summary>A keypoint to draw.</summary>
/// <param name="X">In pixels, from the left border.</param>
/// <param name="Y">In pixels, from the upper border.</param>
/// <param name="IsDrawn">Whether it is drawn: false if it was not annotated or not detected.</param>
/// <param name="IsHidden">Whether it is occluded and drawn as a ring.</param>
internal readonly record struct DrawnKeypoint(float X, float Y, bool IsDrawn, bool IsHidden);
