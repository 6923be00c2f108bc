namespace Vision.Visualization;

/// <summary>A named curve.</summary>
/// <param name="Name">As the legend says it.</param>
/// <param name="Points">In order of X. A Y that is not finite leaves a gap.</param>
public sealed record PlotSeries(string Name, IReadOnlyList<PlotPoint> Points);
