using OpenCvSharp;
using Vision.Data;
using Vision.Evaluation;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>A segmenter that is ready to predict: one of trained weights (<see cref="TrainedSegmenter"/>), or of an exported
/// file.</summary>
public abstract class ImageSegmenter : TrainedModel<SegmentationMap>
{
    private readonly ISegmenter network;

    /// <summary>Takes a network.</summary>
    /// <param name="network">The network, which this object owns from now on.</param>
    /// <param name="categories">Its classes, in the order of their labels.</param>
    /// <param name="shorterSide">The shorter side of the training images, in pixels; null if they were not resized.</param>
    /// <param name="device">The device to compute on; null for the CPU.</param>
    protected ImageSegmenter(ISegmenter network, IReadOnlyList<Category> categories, int? shorterSide, Device? device)
        : base(network, categories, device)
    {
        this.network = network;
        View = new() { ShorterSide = shorterSide };
    }

    /// <summary>How images are fed to the model: by default at the training size, once and whole.</summary>
    public SegmenterView View { get; set; }

    /// <inheritdoc/>
    /// <returns>The class of each pixel.</returns>
    public override SegmentationMap Predict(Tensor image) => new SegmenterViews(network, View).Map(image);

    /// <inheritdoc/>
    /// <returns>The class of each pixel.</returns>
    public override SegmentationMap Predict(Mat image) => new SegmenterViews(network, View).Map(image);

    /// <summary>Evaluates the segmenter with the current <see cref="View"/>.</summary>
    /// <param name="dataset">Images with the same classes as the segmenter, in the same order.</param>
    /// <param name="progress">Called with (images done, images in total).</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <param name="predict">As in <see cref="SegmenterEvaluation"/>.</param>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    /// <exception cref="InputException">No image can be read.</exception>
    public SegmentationMetrics Evaluate(SegmentationDataset dataset, Action<int, int>? progress = null,
        CancellationToken cancellation = default, Func<Tensor, SegmentationMap>? predict = null) =>
        SegmenterEvaluation.Run(network, View, dataset, progress, cancellation, predict);

    /// <summary>The probability of each class at each pixel, float32 [classes, H, W], on the device.</summary>
    /// <param name="image">RGB, 8 bits, of any size.</param>
    public Tensor Probabilities(Mat image)
    {
        using var scope = NewDisposeScope();
        return Probabilities(ImageTensor.From(image)).MoveToOuterDisposeScope();
    }

    /// <summary>The probability of each class at each pixel, float32 [classes, H, W], on the device.</summary>
    /// <param name="image">RGB, [3, H, W], float32 in [0, 1] or uint8.</param>
    public Tensor Probabilities(Tensor image) => new SegmenterViews(network, View).Probabilities(image);
}
