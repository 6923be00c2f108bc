using TorchSharp;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// A training run that is ready to start: the network with its initial weights, the batches and the recipe. Nothing has been written yet; a
/// default folder has been created and is deleted if it stays empty.
/// </summary>
/// <typeparam name="TDataset">The type of the data set.</typeparam>
/// <typeparam name="TMetrics">The metrics of the kind of model.</typeparam>
public abstract class TrainingSession<TDataset, TMetrics> : IDescribedRun, IDisposable where TDataset : IDataset where TMetrics : class
{
    private readonly TrainingOptions options;
    private readonly nn.Module network;
    private readonly NumberedFolder? numbered;
    private RunFile? description;

    private protected TrainingSession(string model, DataSplits<TDataset> data, TrainingOptions options, TrainerOptions recipe,
        LoaderOptions loader, nn.Module network, string weightsOrigin)
    {
        this.options = options;
        this.network = network.to(options.ComputeDevice);
        Model = model;
        Data = data;
        numbered = recipe.Folder.Length == 0 ? RunFolder.CreateFor(model) : null;
        Recipe = numbered is null ? recipe : recipe with { Folder = numbered.Path };
        Loader = loader;
        WeightsOrigin = weightsOrigin;
    }

    /// <summary>The model's name.</summary>
    public string Model { get; }

    /// <summary>The training and validation images.</summary>
    public DataSplits<TDataset> Data { get; }

    /// <summary>How it is trained.</summary>
    public TrainerOptions Recipe { get; }

    /// <summary>How batches are loaded.</summary>
    public LoaderOptions Loader { get; }

    /// <summary>The device to compute on.</summary>
    public Device Device => options.ComputeDevice;

    /// <summary>Where the initial weights come from, as readable text such as "from scratch".</summary>
    public string WeightsOrigin { get; }

    /// <summary>The files of the run.</summary>
    public RunFolder Files => RunFolder.At(Recipe.Folder);

    /// <summary>The options that a resumed run must share with the first one, besides the network's and the trainer's.</summary>
    private protected IReadOnlyDictionary<string, string> Settings => options.Settings(Loader);

    /// <summary>What this run was told to do, as it is written into its folder.</summary>
    public RunFile Description => description ??= new()
    {
        Model = Model,
        Source = Data.Source,
        Train = RunData.Of(Data.Train),
        Validation = RunData.Of(Data.Validation),
        Options = RunOptions.Of(options.GetType()).ToDictionary(option => option.Name,
            option => RunOptions.TextOf(Chosen(option.Property.Name) ?? option.Property.GetValue(options))),
        Network = NetworkChanges,
        Machine = RunMachine.Current(),
    };

    /// <summary>The options of the network that a program changed.</summary>
    private protected virtual IReadOnlyDictionary<string, OptionValue> NetworkChanges => new Dictionary<string, OptionValue>();

    /// <summary>Checks, before anything is written, what <see cref="Start"/> would refuse: options that do not fit the network, and data
    /// sets that do not match.</summary>
    /// <exception cref="InputException">Something does not fit; the message tells what to do.</exception>
    public abstract void Check();

    /// <summary>The value of an option that was left to the model; null for what depends on the data or the weights.</summary>
    private protected virtual object? Chosen(string option) => option switch
    {
        nameof(TrainingOptions.Epochs) when options.TimeBudget is null => Recipe.Epochs,
        nameof(TrainingOptions.LearningRate) => Recipe.LearningRate,
        nameof(TrainingOptions.Optimizer) => Recipe.Optimizer,
        nameof(TrainingOptions.Schedule) => Recipe.Schedule,
        nameof(TrainingOptions.ClipGradientNorm) => Recipe.ClipGradientNorm ?? 0,
        nameof(TrainingOptions.BatchSize) => Loader.BatchSize,
        nameof(TrainingOptions.Device) => Device,
        nameof(TrainingOptions.Weights) when File.Exists(options.Weights) => Path.GetFullPath(options.Weights),
        _ => null,
    };

    /// <summary>The folder for the plots of a finished run.</summary>
    private protected string PlotFolder => options.PlotFolder ?? Recipe.Folder;

    /// <summary>Trains to the end, or until it is canceled, and draws the plots of a finished run.</summary>
    /// <param name="progress">Shows the progress; null to write lines to the console.</param>
    /// <param name="cancellation">Stops training after the current step; it can be resumed.</param>
    /// <exception cref="InputException">The folder holds another run, a loss is not finite,
    /// or the checkpoint does not belong to this run.</exception>
    public abstract TrainingOutcome<TMetrics> Start(TrainingCallback? progress = null, CancellationToken cancellation = default);

    /// <summary>Frees the network.</summary>
    public void Dispose()
    {
        network.Dispose();
        numbered?.Dispose();
    }

    private protected void Check<TBatch>(TrainingTask<TDataset, TBatch, TMetrics> task) where TBatch : class, IDisposable
    {
        _ = new Trainer<TBatch>(task, Recipe);
        var trained = task.Model.parameters().Where(parameter => parameter.requires_grad).ToArray();
        _ = new Freezing(task.Model, task.BackboneStages, Recipe);
        foreach (var parameter in trained) parameter.requires_grad = true;
    }

    private protected TrainingOutcome<TMetrics> Train<TBatch>(TrainingTask<TDataset, TBatch, TMetrics> task, Action<TMetrics> draw,
        TrainingCallback? progress, CancellationToken cancellation) where TBatch : class, IDisposable
    {
        TrainingCallback[] callbacks = [progress ?? new ConsoleProgress(), new RunRecord(() => Description), .. options.Callbacks];
        TrainingResult result = new Trainer<TBatch>(task, Recipe, callbacks).Run(cancellation);
        if (result.Finished && task.LastEvaluation is { } last) draw(last);
        return new()
        {
            Finished = result.Finished, EndedBecause = result.EndedBecause, Files = Files, Metrics = task.LastEvaluation,
            UnreadableImages = task.Training.Report.Summary,
        };
    }
}
