namespace Vision.Data;

/// <summary>An object that was followed to the frame of a video that it was found in.</summary>
/// <param name="Id">Its identity, from 1: the same in every frame of the video, and no other object's.</param>
/// <param name="Trail">Its last places, this frame's at the end: the middles of its boxes' lower edges, in pixels.</param>
public sealed record Track(int Id, IReadOnlyList<(float X, float Y)> Trail);
