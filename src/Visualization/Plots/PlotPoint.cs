namespace Vision.Visualization;

/// <summary>A point of a curve, in the units of the plot's axes.</summary>
public readonly record struct PlotPoint(double X, double Y);
