using TorchSharp.Modules;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>What the trainer must know of what it trains: a model, its batches, its losses and its measure of success.</summary>
/// <typeparam name="TBatch">A batch, as the task's loader makes it.</typeparam>
public interface ITrainingTask<TBatch> where TBatch : IDisposable
{
    /// <summary>The model. It is put into training mode before each epoch and into evaluation mode before <see cref="Evaluate"/>.</summary>
    nn.Module Model { get; }

    /// <summary>The parameters that may come from other data, and that
    /// <see cref="TrainerOptions.BackboneRateFactor"/> is for: all but the last layers'.</summary>
    IEnumerable<Parameter> BackboneParameters { get; }

    /// <summary>What is needed to use the weights, for the checkpoint's metadata: model name, classes,
    /// sizes. A run is resumed only where it is the same.</summary>
    IReadOnlyDictionary<string, string> Description { get; }

    /// <summary>The batches of an epoch.</summary>
    int StepsPerEpoch { get; }

    /// <summary>The batches of an epoch in their order, which depends on the epoch alone. The trainer disposes each.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="skip">How many batches at its beginning to leave out, since the run was stopped behind them.</param>
    IEnumerable<TBatch> Batches(int epoch, int skip);

    /// <summary>The losses of a batch, with gradients.</summary>
    Losses ComputeLosses(TBatch batch);

    /// <summary>What a batch is.</summary>
    BatchInfo Describe(TBatch batch);

    /// <summary>Measures the model on the validation set.</summary>
    /// <param name="progress">To be told (images done, images in all).</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    ValidationResult Evaluate(Action<int, int> progress, CancellationToken cancellation);
}
