using Vision.Data;

namespace Vision.Visualization;

/// <summary>What is drawn of one object, be it detected or annotated. The painter knows only this.</summary>
/// <param name="Box">Its box, in pixels of the image that is drawn on.</param>
/// <param name="Label">Its class; it gives the colour.</param>
/// <param name="Text">Its caption.</param>
/// <param name="Dashed">Whether the box stands for a region of many objects.</param>
internal readonly record struct DrawnObject(Box Box, int Label, string Text, bool Dashed);
