using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>A task whose failed steps can be stored and repeated.</summary>
/// <typeparam name="TBatch">A batch of the task.</typeparam>
internal interface IRecordedTask<TBatch> : ITrainingTask<TBatch> where TBatch : IDisposable
{
    /// <summary>The kind of model.</summary>
    ModelKind Kind { get; }

    /// <summary>The loss of a segmenter, as its text; null for others.</summary>
    string? LossText { get; }

    /// <summary>The label smoothing of a classifier.</summary>
    double LabelSmoothing { get; }

    /// <summary>The tensors of a batch, by name.</summary>
    IEnumerable<KeyValuePair<string, Tensor>> TensorsOf(TBatch batch);

    /// <summary>The objects in each of its images; null unless they are a detector's.</summary>
    CapsuleObject[][]? ObjectsOf(TBatch batch);
}
