using System.Text;
using TorchSharp;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// A training run that is ready to start: the network with its initial weights, the batches and the recipe. Nothing has been written yet; a
/// default folder has been created and is deleted if it stays empty.
/// </summary>
/// <typeparam name="TDataset">The type of the data set.</typeparam>
/// <typeparam name="TBatch">The type of its batches.</typeparam>
/// <typeparam name="TMetrics">The metrics of the kind of model.</typeparam>
public abstract class TrainingSession<TDataset, TBatch, TMetrics> : IDescribedRun, IDisposable
    where TDataset : IDataset where TBatch : class, IDisposable where TMetrics : class
{
    private readonly TrainingOptions options;
    private readonly nn.Module network;
    private readonly NumberedFolder? numbered;
    private RunFile? description;
    private readonly AutoBatch? auto;

    private protected TrainingSession(string model, DataSplits<TDataset> data, TrainingOptions options, TrainerOptions recipe,
        LoaderOptions loader, nn.Module network, string weightsOrigin)
    {
        ProcessGroup group = ProcessGroup.Current;
        if (group.Size > 1 && options.ComputeDevice.type != DeviceType.CPU)
            throw new InputException(
                $"{group.Size} processes cannot train on GPUs together yet: choose the CPU as device, or train with a single process.");
        this.options = options;
        this.network = network.to(options.ComputeDevice);
        Model = model;
        Data = data;
        numbered = recipe.Folder.Length == 0 && group.IsFirst ? RunFolder.CreateFor(model) : null;
        // The others may see another folder in the meantime, or none.
        Recipe = recipe with { Folder = group.FromFirst(numbered?.Path ?? recipe.Folder) };
        Loader = group.Size == 1 ? loader
            : loader with { Part = new(group.Rank, group.Size), Workers = CoreShare.Count(group) };
        if (options.AutoBatchSize && group.Size > 1)
            throw new InputException("The largest batch that fits cannot be found for several processes: give a batch size.");
        if (options.AutoBatchSize) auto = new(loader.BatchSize, Recipe, options.LearningRate is null, data.Train.Count);
        if (auto is not null && recipe.Resume && File.Exists(Files.Last) && Checkpoint.BatchSizeOf(Files.Last) is { } before) Take(before);
        WeightsOrigin = weightsOrigin;
    }

    /// <summary>The model's name.</summary>
    public string Model { get; }

    /// <summary>The training and validation images.</summary>
    public DataSplits<TDataset> Data { get; }

    /// <summary>How it is trained.</summary>
    public TrainerOptions Recipe { get; private set; }

    /// <summary>How batches are loaded.</summary>
    public LoaderOptions Loader { get; private set; }

    /// <summary>Whether the batch size was chosen by what fits into memory, as <see cref="TrainingOptions.AutoBatchSize"/> asks.</summary>
    public bool IsBatchChosen => auto is { IsDone: true };

    /// <summary>The device to compute on.</summary>
    public Device Device => options.ComputeDevice;

    /// <summary>Where the initial weights come from, as readable text such as "from scratch".</summary>
    public string WeightsOrigin { get; }

    /// <summary>The files of the run.</summary>
    public RunFolder Files => RunFolder.At(Recipe.Folder);

    /// <summary>Whether the batch is still to be chosen.</summary>
    private bool HasBatchToChoose => auto is { IsDone: false };

    /// <summary>The options that a resumed run must share with the first one, besides the network's and the trainer's.</summary>
    private protected IReadOnlyDictionary<string, string> Settings => options.Settings(Loader);

    /// <summary>What this run was told to do, as it is written into its folder.</summary>
    public RunFile Description => HasBatchToChoose ? Describe() : description ??= Describe();

    private RunFile Describe() => new()
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
    public void Check()
    {
        var task = Task(Data, Loader);
        _ = new Trainer<TBatch>(task, Recipe);
        var trained = task.Model.parameters().Where(parameter => parameter.requires_grad).ToArray();
        _ = new Freezing(task.Model, task.BackboneStages, Recipe);
        foreach (var parameter in trained) parameter.requires_grad = true;
    }

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

    /// <summary>Trains to the end, or until it is canceled, and draws the plots of a finished run.</summary>
    /// <param name="progress">Shows the progress; null to write lines to the console.</param>
    /// <param name="cancellation">Stops training after the current step; it can be resumed.</param>
    /// <exception cref="InputException">The folder holds another run, a loss is not finite,
    /// or the checkpoint does not belong to this run.</exception>
    public TrainingOutcome<TMetrics> Start(TrainingCallback? progress = null, CancellationToken cancellation = default)
    {
        if (HasBatchToChoose) Certify(cancellation: cancellation);
        var task = Task(Data, Loader);
        TrainingCallback[] callbacks = [progress ?? new ConsoleProgress(), new RunRecord(() => Description), .. options.Callbacks];
        TrainingResult result = new Trainer<TBatch>(task, Recipe, callbacks).Run(cancellation);
        if (result.Finished && task.LastEvaluation is { } last) Draw(Files, last, options.PlotFolder ?? Recipe.Folder);
        return new()
        {
            Finished = result.Finished, EndedBecause = result.EndedBecause, Files = Files, Metrics = task.LastEvaluation,
            UnreadableImages = Unreadable(task.Training.Report.Summary),
        };
    }

    /// <summary>
    /// Measures how much memory training will need at most, by passes over a few images, and with
    /// <see cref="TrainingOptions.AutoBatchSize"/> chooses the batch. It takes little longer than a step, and changes nothing of the run.
    /// <see cref="Start"/> does this by itself only if there is a batch to choose.
    /// </summary>
    /// <param name="progress">Receives (passes done, all passes).</param>
    /// <param name="cancellation">Cancels it between two passes.</param>
    /// <returns>Null where it cannot be measured: on a GPU, or on other systems than Linux.</returns>
    /// <exception cref="InputException">A batch is to be chosen, but memory cannot be measured, or a single image does not
    /// fit.</exception>
    public MemoryCertificate? Certify(Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        if (Device.type != DeviceType.CPU || !ProcessMemory.IsMeasurable || ProcessGroup.Current.Size > 1)
            return auto is null or { IsDone: true } ? null
                : throw new InputException("The largest batch that fits can only be found on the CPU, on Linux: give a batch size.");
        IProbedTask<TBatch> task = Task(Data, Loader);
        MemoryUse use = new MemoryProbe<TBatch>(task, Recipe).Measure(Loader.BatchSize, progress, cancellation);
        ProcessMemory.GiveBack();
        long limit = ProcessMemory.Resident + ProcessMemory.Available;
        MemoryCertificate certificate = new(use, Loader.BatchSize, limit, task.LargestSize);
        if (auto is null or { IsDone: true }) return certificate;
        if (certificate.LargestBatch == 0)
            throw new InputException(
                $"Not even one image of {task.LargestSize.Width}×{task.LargestSize.Height} pixels fits into the {limit >> 20} MB of " +
                "memory that are free: make images smaller, choose a smaller model, or end other programs.");
        Take(auto.Of(certificate.LargestBatch));
        return new(use, Loader.BatchSize, limit, task.LargestSize);
    }

    /// <summary>
    /// Passes every stage of training once, in about a minute, so that nothing fails at the end of the first epoch: loading of the extreme
    /// images (the largest, the one with the most objects, one without), a step, the evaluation, the checkpoint, which is read back, and
    /// the plots. All this runs as in training, with the run's callbacks, but in a temporary folder. Nothing of the run's folder is
    /// touched, and the model is afterwards as before.
    /// </summary>
    /// <param name="cancellation">Cancels it.</param>
    /// <returns>What was passed, in order.</returns>
    /// <exception cref="InputException">A stage failed for a reason that the message says.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public IReadOnlyList<DryRunStage> DryRun(CancellationToken cancellation = default)
    {
        if (ProcessGroup.Current.Size > 1)
            throw new InputException("A dry run is of a single process: leave the launcher (mpirun) out.");
        var few = Task(Few, Loader with { BatchSize = Math.Min(Loader.BatchSize, FewImages.Most) });
        return new DryRun<TDataset, TBatch, TMetrics>(few, Recipe).Run(options.Callbacks, Draw, Load, cancellation);
    }

    /// <summary>Frees the network.</summary>
    public void Dispose()
    {
        network.Dispose();
        numbered?.Dispose();
    }

    /// <summary>What is computed for a batch, for some data.</summary>
    private protected abstract TrainingTask<TDataset, TBatch, TMetrics> Task(DataSplits<TDataset> data, LoaderOptions loader);

    /// <summary>A few of the images, extreme ones among them, for a dry run.</summary>
    private protected abstract DataSplits<TDataset> Few { get; }

    /// <summary>Draws the plots of a run, with the metrics of its last evaluation, into a folder.</summary>
    private protected abstract void Draw(RunFolder run, TMetrics metrics, string folder);

    /// <summary>Loads the weights of a run, as for a prediction, and frees them.</summary>
    private protected abstract void Load(string weights);

    /// <summary>Takes the chosen batch size, and the learning rate for it.</summary>
    private void Take(int batchSize)
    {
        Loader = Loader with { BatchSize = batchSize };
        Recipe = Recipe with { LearningRate = auto!.RateAt(batchSize) };
        auto.IsDone = true;
    }

    /// <summary>What the processes report of images that they could not read.</summary>
    private static string Unreadable(string own)
    {
        ProcessGroup group = ProcessGroup.Current;
        if (group.Size == 1) return own;
        string[] all = [.. group.Gather(Encoding.UTF8.GetBytes(own.Length == 0 ? "" : $"rank {group.Rank} on {group.Host}: {own}"))
            .Select(Encoding.UTF8.GetString)];
        return string.Join("; ", all.Where(text => text.Length > 0));
    }
}
