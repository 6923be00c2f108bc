using System.Globalization;
using Spectre.Console;
using Vision.Data;
using Vision.Training;

namespace Vision.Cli.Output;

/// <summary>Runs training on the console: prints the settings, shows the progress, and prints the metrics at the end.</summary>
internal static class TrainingShow
{
    private const int NamesShown = 20;

    /// <summary>Trains a detector.</summary>
    /// <returns>Whether it ran to the end.</returns>
    public static bool Run(DetectorTraining training, CancellationToken cancellation) => Run(training,
        $", {training.Data.Train.Samples.Sum(sample => sample.Objects.Count)} objects",
        $", images resized to {training.Network.MinSize} (at most {training.Network.MaxSize}) pixels", MetricsTable.Write, cancellation);

    /// <summary>Trains a segmenter.</summary>
    /// <returns>Whether it ran to the end.</returns>
    public static bool Run(SegmenterTraining training, CancellationToken cancellation) => Run(training, "",
        $", images cropped to {training.Window.Width}×{training.Window.Height} pixels, stride " +
            $"{training.Network.OutputStride?.ToString(CultureInfo.InvariantCulture) ?? "as published"}",
        MetricsTable.Write, cancellation);

    /// <summary>Trains a classifier.</summary>
    /// <returns>Whether it ran to the end.</returns>
    public static bool Run(ClassifierTraining training, CancellationToken cancellation)
    {
        string backbone = training.IsBackboneFrozen ? ", all but the last layer frozen"
            : training.Recipe.BackboneRateFactor == 1 ? ""
            : string.Create(CultureInfo.InvariantCulture, $" ({training.Recipe.BackboneRateFactor} of that below the last layer)");
        return Run(training, "", $"{backbone}, images of {training.Preprocessing.Crop}×{training.Preprocessing.Crop} pixels",
            MetricsTable.Write, cancellation);
    }

    private static bool Run<TDataset, TBatch, TMetrics>(
        TrainingSession<TDataset, TBatch, TMetrics> training, string contents, string recipe, Action<TMetrics> show,
        CancellationToken cancellation)
        where TDataset : IDataset where TBatch : class, IDisposable where TMetrics : class
    {
        DataSplits<TDataset> data = training.Data;
        IReadOnlyList<Category> categories = data.Train.Categories;
        string names = string.Join(", ", categories.Take(NamesShown).Select(category => category.Name)),
            more = categories.Count > NamesShown ? ", …" : "";
        AnsiConsole.WriteLine($"Training {training.Model} {training.WeightsOrigin} on {training.Device}, into {training.Recipe.Folder}");
        AnsiConsole.WriteLine($"  {data.Train.Name}: {data.Train.Count} images{contents} of {categories.Count} classes: {names}{more}");
        AnsiConsole.WriteLine($"  validating on {data.Validation.Name}: {data.Validation.Count} images, {data.ValidationSource}");
        MemoryCertificate? memory = ProgressBar.Show("measuring memory", progress => training.Certify(progress, cancellation));
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {Length(training.Recipe)}, batches of {training.Loader.BatchSize}{Steps(training.Recipe)}" +
                $"{(training.IsBatchChosen ? " (chosen by memory, and the default rate scaled with it)" : "")}, " +
                $"{training.Recipe.Optimizer} at {training.Recipe.LearningRate:0.######}{recipe}"));
        if (memory is not null) AnsiConsole.WriteLine($"  {MemoryText.Of(memory)}");
        foreach (DatasetReport report in new[] { data.Train.Report, data.Validation.Report }.Distinct())
            if (report.Summary is { Length: > 0 } summary) AnsiConsole.WriteLine($"  note: {summary}");

        TrainingOutcome<TMetrics> outcome;
        try
        {
            outcome = TrainingConsole.Show(progress => training.Start(progress, cancellation));
        }
        catch (Exception e) when (FailureCapsule.FolderOf(e) is { } failure)
        {
            AnsiConsole.WriteLine($"A step failed; to find out where: vision replay {failure}");
            throw;
        }
        if (outcome.UnreadableImages is { Length: > 0 } unreadable) AnsiConsole.WriteLine($"While training: {unreadable}");
        if (!outcome.Finished) return false;
        if (outcome.EndedBecause is { } reason) AnsiConsole.WriteLine($"Training ended early: {reason}.");
        if (outcome.Metrics is { } metrics) show(metrics);
        AnsiConsole.WriteLine(
            $"The best model is {outcome.Best}; try: vision predict {training.Model} --weights {outcome.Best} --source IMAGE");
        return true;
    }

    private static string Length(TrainerOptions recipe) => recipe.TimeBudget is not { } budget ? $"{recipe.Epochs} epochs"
        : recipe.Epochs == int.MaxValue ? $"as many epochs as fit into {budget}" : $"{recipe.Epochs} epochs, at most {budget}";

    private static string Steps(TrainerOptions recipe) => recipe.Accumulate == 1 ? "" : $", {recipe.Accumulate} to a step";
}
