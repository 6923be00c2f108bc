namespace Vision.Detection;

/// <summary>The size of an image in pixels.</summary>
public readonly record struct ImageSize(int Height, int Width);
