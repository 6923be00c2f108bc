namespace Vision.Data;

/// <summary>A part of an image's file that is taken for an image of its own.</summary>
/// <param name="X">Its left border, in pixels of the file's image after EXIF orientation.</param>
/// <param name="Y">Its upper border.</param>
/// <param name="FileWidth">Width of the file's image, in pixels.</param>
/// <param name="FileHeight">Height of the file's image, in pixels.</param>
public readonly record struct ImageWindow(int X, int Y, int FileWidth, int FileHeight);
