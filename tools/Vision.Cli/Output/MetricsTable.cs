using System.Globalization;
using Spectre.Console;
using Vision.Evaluation;

namespace Vision.Cli.Output;

/// <summary>Prints metrics to the console.</summary>
internal static class MetricsTable
{
    /// <summary>Prints the metrics of the task, those of the boxes, and what the errors cost.</summary>
    public static void Write(DetectionMetrics metrics)
    {
        if (metrics.Main == metrics.Boxes) Write(metrics.Boxes);
        else
        {
            AnsiConsole.WriteLine(metrics.Masks is not null ? "Masks" : "Keypoints");
            Write(metrics.Main);
            AnsiConsole.WriteLine("Boxes");
            Write(metrics.Boxes);
        }
        if (metrics.Errors.AP50 < 0) return;

        Table errors = new() { Border = TableBorder.Simple };
        errors.AddColumn("Error").AddColumn(new TableColumn("Count").RightAligned())
            .AddColumn(new TableColumn("ΔAP50").RightAligned()).AddColumn("Description");
        foreach (ErrorShare share in metrics.Errors.Shares)
            errors.AddRow(share.Kind.ToString(), $"{share.Count}",
                share.Gain.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture), Meaning(share.Kind));
        AnsiConsole.Write(errors);
    }

    /// <summary>Prints the average precision of each class, and their mean.</summary>
    public static void Write(VocMetrics metrics)
    {
        Table classes = new() { Border = TableBorder.Simple };
        classes.AddColumn($"Class (VOC {(int)metrics.Rules})")
            .AddColumn(new TableColumn("AP50").RightAligned()).AddColumn(new TableColumn("Objects").RightAligned());
        foreach (VocCategoryMetrics category in metrics.PerCategory.Where(category => category.AP >= 0))
            classes.AddRow(Markup.Escape(category.Category.Name), Figure(category.AP), $"{category.Objects}");
        classes.AddRow("mean", Figure(metrics.MeanAP), $"{metrics.PerCategory.Sum(category => category.Objects)}");
        AnsiConsole.Write(classes);
    }

    /// <summary>Prints the metrics, those of each class, and remarks.</summary>
    public static void Write(CocoMetrics metrics)
    {
        Table figures = new() { Border = TableBorder.Simple };
        figures.AddColumn("Metric").AddColumn(new TableColumn("Value").RightAligned()).AddColumn("Description");
        foreach (CocoResult result in metrics.Results)
            figures.AddRow(result.Figure.Name, Figure(result.Value),
                Markup.Escape(result.WhyMissing is { } why ? $"{result.Figure.Description} ({why})" : result.Figure.Description));
        AnsiConsole.Write(figures);

        Table classes = new() { Border = TableBorder.Simple };
        classes.AddColumn("Class").AddColumn(new TableColumn("AP").RightAligned()).AddColumn(new TableColumn("AP50").RightAligned());
        // A network trained on COCO's classes is often evaluated on a few of them.
        foreach (CategoryMetrics category in metrics.PerCategory.Where(category => category.AP >= 0))
            classes.AddRow(Markup.Escape(category.Category.Name), Figure(category.AP), Figure(category.AP50));
        AnsiConsole.Write(classes);

        int absent = metrics.PerCategory.Count(category => category.AP < 0);
        if (absent > 0) AnsiConsole.WriteLine($"{absent} of {metrics.PerCategory.Count} classes have no objects here.");
        foreach (string note in metrics.Notes) AnsiConsole.WriteLine(note);
    }

    /// <summary>Prints how many images were classified correctly, in total and per class, and remarks.</summary>
    public static void Write(ClassificationMetrics metrics)
    {
        Table figures = new() { Border = TableBorder.Simple };
        figures.AddColumn("Metric").AddColumn(new TableColumn("Value").RightAligned()).AddColumn("Description");
        figures.AddRow("top1", Accuracy(metrics.Top1), $"{metrics.Correct} of {metrics.Total} images, by the most probable class");
        figures.AddRow("top5", Accuracy(metrics.Top5),
            $"{metrics.TopFiveCorrect} of {metrics.Total} images, by one of the five most probable classes");
        AnsiConsole.Write(figures);

        Table classes = new() { Border = TableBorder.Simple };
        classes.AddColumn("Class").AddColumn(new TableColumn("Accuracy").RightAligned())
            .AddColumn(new TableColumn("Images").RightAligned());
        int[] present = [.. Enumerable.Range(0, metrics.Categories.Count).Where(label => metrics.TotalOf(label) > 0)];
        foreach (int label in present)
            classes.AddRow(Markup.Escape(metrics.Categories[label].Name), Accuracy(metrics.AccuracyOf(label)), $"{metrics.TotalOf(label)}");
        AnsiConsole.Write(classes);

        int absent = metrics.Categories.Count - present.Length;
        if (absent > 0) AnsiConsole.WriteLine($"{absent} of {metrics.Categories.Count} classes have no images here.");
        foreach (string note in metrics.Notes) AnsiConsole.WriteLine(note);
    }

    /// <summary>Prints how well pixels were classified, in total and per class, and remarks.</summary>
    public static void Write(SegmentationMetrics metrics)
    {
        Table figures = new() { Border = TableBorder.Simple };
        figures.AddColumn("Metric").AddColumn(new TableColumn("Value").RightAligned()).AddColumn("Description");
        figures.AddRow("mIoU", Figure(metrics.MeanIou), "IoU of predicted and true pixels, mean over the classes");
        figures.AddRow("pixel_accuracy", Figure(metrics.PixelAccuracy), "fraction of correct pixels");
        figures.AddRow("mean_accuracy", Figure(metrics.MeanAccuracy), "fraction of a class's correct pixels, mean over the classes");
        figures.AddRow("frequency_weighted_iou", Figure(metrics.FrequencyWeightedIou), "IoU, weighted by each class's pixels");
        figures.AddRow("boundary_f", Figure(metrics.BoundaryF), "agreement of class borders, mean over the classes");
        AnsiConsole.Write(figures);

        Table classes = new() { Border = TableBorder.Simple };
        classes.AddColumn("Class").AddColumn(new TableColumn("IoU").RightAligned())
            .AddColumn(new TableColumn("Accuracy").RightAligned()).AddColumn(new TableColumn("Boundary F").RightAligned())
            .AddColumn(new TableColumn("Share of pixels").RightAligned()).AddColumn("");
        for (int label = 0; label < metrics.Categories.Count; label++)
        {
            classes.AddRow(
                Markup.Escape(metrics.Categories[label].Name), Figure(metrics.IouOf(label)), Figure(metrics.AccuracyOf(label)),
                Figure(metrics.BoundaryFPerClass[label]), Figure(metrics.ShareOf(label)), metrics.AbsenceOf(label) ?? "");
        }
        AnsiConsole.Write(classes);
        foreach (string note in metrics.Notes) AnsiConsole.WriteLine(note);
    }

    private static string Meaning(ErrorKind kind) => kind switch
    {
        ErrorKind.Classification => "found, but as another class",
        ErrorKind.Localization => "right class, overlap below 0.5",
        ErrorKind.Both => "wrong class and overlap below 0.5",
        ErrorKind.Duplicate => "object already found",
        ErrorKind.Background => "no object there",
        _ => "not found at all",
    };

    private static string Accuracy(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Figure(double value) => value < 0 ? "–" : value.ToString("0.000", CultureInfo.InvariantCulture);
}
