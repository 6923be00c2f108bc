namespace Vision.Visualization;

/// <summary>A model in a plot of what is gained against what it costs.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Cost">What it costs, such as milliseconds per image, above 0.</param>
/// <param name="Value">What is gained, such as a metric.</param>
/// <param name="Spread">How far the bar reaches above and below the value, 0 or more; 0 for no bar.</param>
public sealed record TradeOffPoint(string Name, double Cost, double Value, double Spread = 0);
