using System.Globalization;
using Spectre.Console;
using Vision.Training.Evaluation;

namespace Vision.Cli.Output;

/// <summary>An evaluation by COCO's rules on the console.</summary>
internal static class MetricsTable
{
    /// <summary>Prints the figures, then those of each class, then what else is to be said.</summary>
    public static void Write(CocoMetrics metrics)
    {
        Table figures = new() { Border = TableBorder.Simple };
        figures.AddColumn("Figure").AddColumn(new TableColumn("Value").RightAligned()).AddColumn("What it is");
        foreach (CocoResult result in metrics.Results)
            figures.AddRow(result.Figure.Name, Figure(result.Value), Markup.Escape(result.WhyMissing is { } why ? $"{result.Figure.Description} ({why})" : result.Figure.Description));
        AnsiConsole.Write(figures);

        Table classes = new() { Border = TableBorder.Simple };
        classes.AddColumn("Class").AddColumn(new TableColumn("AP").RightAligned()).AddColumn(new TableColumn("AP50").RightAligned());
        // A network that knows COCO's classes is often measured on a few of them.
        foreach (CategoryMetrics category in metrics.PerCategory.Where(category => category.AP >= 0))
            classes.AddRow(Markup.Escape(category.Category.Name), Figure(category.AP), Figure(category.AP50));
        AnsiConsole.Write(classes);

        int absent = metrics.PerCategory.Count(category => category.AP < 0);
        if (absent > 0) AnsiConsole.WriteLine($"{absent} of {metrics.PerCategory.Count} classes have no objects here.");
        foreach (string note in metrics.Notes) AnsiConsole.WriteLine(note);
    }

    private static string Figure(double value) => value < 0 ? "–" : value.ToString("0.000", CultureInfo.InvariantCulture);
}
