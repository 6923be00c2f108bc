using System.Globalization;
using Spectre.Console;
using TorchSharp;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Training;
using static TorchSharp.torch;

namespace Vision.Cli.Training;

/// <summary>A whole training as the command line does it: says what it does, trains, and leaves tables and plots.</summary>
internal abstract class TrainingRun<TDataset> where TDataset : IDataset
{
    private const int NamesShown = 20;

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>What to learn from and to measure on.</summary>
    public required DatasetPair<TDataset> Data { get; init; }

    /// <summary>A file of weights to start from; null for none.</summary>
    public string? Weights { get; init; }

    /// <summary>The recipe.</summary>
    public required TrainerOptions Trainer { get; init; }

    /// <summary>Batches and random changes of images.</summary>
    public required LoaderOptions Loader { get; init; }

    /// <summary>Where to compute.</summary>
    public required Device Device { get; init; }

    /// <summary>Trains to the end, or until cancelled.</summary>
    /// <returns>Whether it came to the end.</returns>
    public abstract bool Start(CancellationToken cancellation);

    /// <summary>Says what is trained on what, and how.</summary>
    /// <param name="origin">Where its first weights come from.</param>
    /// <param name="recipe">What is to be said of the recipe behind the length, the batches and the rate.</param>
    /// <param name="contents">What there is to learn from, behind the number of images.</param>
    protected void Announce(string origin, string recipe, string contents = "")
    {
        IReadOnlyList<Category> categories = Data.Train.Categories;
        string names = string.Join(", ", categories.Take(NamesShown).Select(category => category.Name)), more = categories.Count > NamesShown ? ", …" : "";
        AnsiConsole.WriteLine($"Training {Model} {origin} on {Device}, into {Trainer.Folder}");
        AnsiConsole.WriteLine($"  {Data.Train.Name}: {Data.Train.Count} images{contents} of {categories.Count} classes: {names}{more}");
        AnsiConsole.WriteLine($"  measured on {Data.Validation.Name}: {Data.Validation.Count} images, {Data.Choice}");
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Trainer.Epochs} epochs, batches of {Loader.BatchSize}, {Trainer.Optimizer} at {Trainer.LearningRate}{recipe}"));
        foreach (DatasetReport report in new[] { Data.Train.Report, Data.Validation.Report }.Distinct())
            if (report.Summary is { Length: > 0 } summary) AnsiConsole.WriteLine($"  note: {summary}");
    }

    /// <summary>Trains, and says how it ended.</summary>
    /// <param name="task">What to train.</param>
    /// <param name="loading">What goes wrong with images on the way.</param>
    /// <param name="finished">Shows the result of a run that came to its end.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>As of <see cref="Start"/>.</returns>
    protected bool Train<TBatch>(ITrainingTask<TBatch> task, DatasetReport loading, Action<RunFolder> finished, CancellationToken cancellation) where TBatch : IDisposable
    {
        TrainingResult result = TrainingConsole.Show(progress => new Trainer<TBatch>(task, Trainer, progress).Run(cancellation));
        if (loading.Summary is { Length: > 0 } unreadable) AnsiConsole.WriteLine($"While training: {unreadable}");
        if (!result.Finished) return false;
        RunFolder run = RunFolder.At(Trainer.Folder);
        finished(run);
        AnsiConsole.WriteLine($"The best model is {run.Best}; try: vision predict {Model} --weights {run.Best} --source IMAGE");
        return true;
    }
}
