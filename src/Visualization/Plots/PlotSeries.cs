namespace Vision.Visualization;

/// <summary>A named curve.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">The points in order of X. A Y that is not finite leaves a gap.</param>
public sealed record PlotSeries(string Name, IReadOnlyList<PlotPoint> Points);
