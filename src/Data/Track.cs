namespace Vision.Data;

/// <summary>The track of an object that was followed through a video, up to the current frame.</summary>
/// <param name="Id">Its identity, starting at 1: the same in every frame of the video, and unique to the object.</param>
/// <param name="Trail">Its latest positions, the current frame's last: the centers of its boxes' lower edges, in pixels.</param>
public sealed record Track(int Id, IReadOnlyList<(float X, float Y)> Trail);
