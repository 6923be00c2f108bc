using Vision.Data;
using Vision.Evaluation;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>A detector that is ready to predict: one of trained weights (<see cref="TrainedDetector"/>), or of an exported
/// file.</summary>
public abstract class ObjectDetector : TrainedModel<Detections>
{
    /// <summary>Takes a network.</summary>
    /// <param name="network">The network, which this object owns from now on.</param>
    /// <param name="categories">Its classes, in the order of their labels.</param>
    /// <param name="device">The device to compute on; null for the CPU.</param>
    protected ObjectDetector(IDisposable network, IReadOnlyList<Category> categories, Device? device)
        : base(network, categories, device) { }

    /// <summary>The minimum score of the detections that <c>Predict</c> returns, in [0, 1]: 0.5, below which a
    /// detection is more likely wrong than right.</summary>
    public float ScoreThreshold { get; set; } = 0.5f;

    /// <inheritdoc/>
    /// <returns>The detections with a score of at least <see cref="ScoreThreshold"/>,
    /// highest score first; boxes in pixels of the image.</returns>
    public override Detections Predict(Tensor image) => Detect(image).Above(ScoreThreshold) with { Categories = Categories };

    /// <summary>All detections of the network, whatever their scores, highest score first; boxes in pixels of the image.</summary>
    /// <param name="image">RGB, float32 [3, H, W] in [0, 1], on any device.</param>
    public abstract Detections Detect(Tensor image);

    /// <summary>Evaluates the detector with COCO's metrics: boxes, and masks and keypoints if both sides have them.</summary>
    /// <param name="dataset">Images with the same classes as the detector, in the same order.</param>
    /// <param name="progress">Called with (images done, images in total).</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    /// <exception cref="InputException">No image can be read.</exception>
    public DetectionMetrics Evaluate(DetectionDataset dataset, Action<int, int>? progress = null,
        CancellationToken cancellation = default) =>
        DetectorEvaluation.Collect(Detect, dataset, progress, cancellation).Evaluate();
}
