namespace Vision.Data;

/// <summary>A part of an image file that is treated as an image of its own.</summary>
/// <param name="X">Its left border, in pixels of the whole image after EXIF orientation.</param>
/// <param name="Y">Its upper border.</param>
/// <param name="FileWidth">Width of the whole image, in pixels.</param>
/// <param name="FileHeight">Height of the whole image, in pixels.</param>
public readonly record struct ImageWindow(int X, int Y, int FileWidth, int FileHeight);
