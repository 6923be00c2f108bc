using Vision.Data;

namespace Vision.Visualization;

/// <summary>Everything to draw for one object, whether detected or annotated. The painter uses nothing else.</summary>
/// <param name="Box">Its box, in pixels of the image that is drawn on.</param>
/// <param name="Label">Its class, which determines the color unless the object is tracked.</param>
/// <param name="Text">Its caption.</param>
/// <param name="Dashed">Whether the box marks a region of many objects.</param>
/// <param name="Mask">Its pixels, in pixels of the image before enlargement; null for none.</param>
/// <param name="Keypoints">Its keypoints, in pixels of the image that is drawn on; null for none.</param>
/// <param name="Track">Its identity, which determines the color, and its trail,
/// in pixels of the image that is drawn on; null for none.</param>
internal readonly record struct DrawnObject(
    Box Box, int Label, string Text, bool Dashed, RleMask? Mask, IReadOnlyList<DrawnKeypoint>? Keypoints, Track? Track)
{
    /// <summary>The color of the object.</summary>
    public Color Color => Palette.Of(Track?.Id ?? Label);

    /// <summary>The same object on an enlarged image.</summary>
    public DrawnObject Enlarged(int factor) => this with
    {
        Box = new Box(Box.X1 * factor, Box.Y1 * factor, Box.X2 * factor, Box.Y2 * factor),
        Keypoints = Keypoints is null ? null : [.. Keypoints.Select(point => point with { X = point.X * factor, Y = point.Y * factor })],
        Track = Track is null ? null : Track with { Trail = [.. Track.Trail.Select(place => (place.X * factor, place.Y * factor))] },
    };
}
