using TorchSharp.Modules;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>What the trainer needs to train a model: the model, its batches, its losses and its evaluation.</summary>
/// <typeparam name="TBatch">A batch of the task's loader.</typeparam>
public interface ITrainingTask<TBatch> where TBatch : IDisposable
{
    /// <summary>The model. It is put into training mode before each epoch and into evaluation mode before <see cref="Evaluate"/>.</summary>
    nn.Module Model { get; }

    /// <summary>The parameters that may be pretrained on other data: all but those of the last layers, by stage, from the one next to the
    /// image on. <see cref="TrainerOptions.BackboneRateFactor"/>, <see cref="TrainerOptions.LayerRateDecay"/> and
    /// <see cref="TrainerOptions.FreezeStages"/> apply to them.</summary>
    IReadOnlyList<IReadOnlyList<Parameter>> BackboneStages { get; }

    /// <summary>What is needed to use the weights, for the checkpoint's metadata: model name, classes, sizes. A run can be resumed only if
    /// it is unchanged.</summary>
    IReadOnlyDictionary<string, string> Description { get; }

    /// <summary>The options that decide the result of a run besides the trainer's own, such as augmentations, by name. A run is resumed
    /// only if they are the same.</summary>
    IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    /// <summary>The number of batches in an epoch.</summary>
    int StepsPerEpoch { get; }

    /// <summary>The batches of an epoch in their order, which depends only on the epoch. The trainer disposes each.</summary>
    /// <param name="epoch">The epoch, starting at 0.</param>
    /// <param name="skip">The number of batches to skip at the beginning, because the run was stopped after them.</param>
    IEnumerable<TBatch> Batches(int epoch, int skip);

    /// <summary>The losses of a batch, with gradients.</summary>
    Losses ComputeLosses(TBatch batch);

    /// <summary>The index and the files of a batch.</summary>
    BatchInfo Describe(TBatch batch);

    /// <summary>Evaluates the model on the validation set.</summary>
    /// <param name="progress">Receives (images processed, total images).</param>
    /// <param name="cancellation">Cancels the evaluation.</param>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    ValidationResult Evaluate(Action<int, int> progress, CancellationToken cancellation);
}
