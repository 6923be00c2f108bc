using OpenCvSharp;
using Vision.Classification;
using Vision.Data;
using Vision.Detection;
using Vision.Evaluation;
using Vision.Segmentation;
using static TorchSharp.torch;

namespace Vision.Onnx;

/// <summary>Runs a network and the file that it was exported to side by side, on images or on an annotated data set.</summary>
/// <example><code>
/// using var network = TrainedSegmenter.Load("best.safetensors");
/// Exporter.ToOnnx(network, "streets.onnx");
/// using var file = OnnxSegmenter.Load("streets.onnx");
/// Console.WriteLine(OnnxVerification.Run(network, file, Directory.GetFiles("photos")).LargestDifference);
/// </code></example>
public static class OnnxVerification
{
    /// <summary>Compares a classifier with a file.</summary>
    /// <param name="network">The network.</param>
    /// <param name="file">The file that it was exported to.</param>
    /// <param name="images">Files of images.</param>
    /// <param name="progress">Called with (images done, images in total).</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="InputException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    public static OnnxComparison Run(ImageClassifier network, ImageClassifier file, IReadOnlyList<string> images,
        Action<int, int>? progress = null, CancellationToken cancellation = default) =>
        OverImages(images, (image, sums) =>
        {
            Tensor crop = network.Input.Cropped(image);
            sums.Add(sums.Network(() => network.Logits(crop)).softmax(1), sums.File(() => file.Logits(crop)).softmax(1), 1, 1);
        }, progress, cancellation);

    /// <summary>Compares a segmenter with a file; otherwise as for classifiers.</summary>
    public static OnnxComparison Run(ImageSegmenter network, ImageSegmenter file, IReadOnlyList<string> images,
        Action<int, int>? progress = null, CancellationToken cancellation = default) =>
        OverImages(images, (image, sums) => sums.Add(
            sums.Network(() => network.Probabilities(image)), sums.File(() => file.Probabilities(image)), 0, 1), progress, cancellation);

    /// <summary>Compares a detector with a file; otherwise as for classifiers.</summary>
    public static OnnxComparison Run(ObjectDetector network, ObjectDetector file, IReadOnlyList<string> images,
        Action<int, int>? progress = null, CancellationToken cancellation = default) =>
        OverImages(images, (image, sums) =>
        {
            Tensor pixels = ImageTensor.From(image);
            sums.Add(sums.Network(() => network.Detect(pixels)), sums.File(() => file.Detect(pixels)));
        }, progress, cancellation);

    /// <summary>Compares a classifier with a file, and evaluates both: their accuracy.</summary>
    /// <param name="network">The network.</param>
    /// <param name="file">The file that it was exported to.</param>
    /// <param name="dataset">Images with the classes of the network.</param>
    /// <param name="progress">Called with (images done, images in total), first for one model, then for the other.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="InputException">No image can be read.</exception>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    public static OnnxComparison Run(ImageClassifier network, ImageClassifier file, ClassificationDataset dataset,
        Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        ComparisonSums sums = new();
        ClassificationMetrics ofNetwork = network.Evaluate(dataset, progress, cancellation);
        ClassificationMetrics ofFile = ClassifierEvaluation.Run(images =>
        {
            Tensor logits = sums.File(() => file.Logits(images), images.shape[0]);
            sums.Add(sums.Network(() => network.Logits(images), images.shape[0]).softmax(1), logits.softmax(1), 1, (int)images.shape[0]);
            return logits;
        }, network.Input, dataset, progress, cancellation);
        return sums.Result(("top-1", ofNetwork.Top1, ofFile.Top1));
    }

    /// <summary>Compares a segmenter with a file, and evaluates both: their mean IoU; otherwise as for classifiers.</summary>
    public static OnnxComparison Run(ImageSegmenter network, ImageSegmenter file, SegmentationDataset dataset,
        Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        ComparisonSums sums = new();
        SegmentationMetrics ofNetwork = network.Evaluate(dataset, progress, cancellation);
        SegmentationMetrics ofFile = file.Evaluate(dataset, progress, cancellation, image =>
        {
            Tensor probabilities = sums.File(() => file.Probabilities(image));
            sums.Add(sums.Network(() => network.Probabilities(image)), probabilities, 0, 1);
            return SegmenterViews.MapOf(probabilities);
        });
        return sums.Result(("mIoU", ofNetwork.MeanIou, ofFile.MeanIou));
    }

    /// <summary>Compares a detector with a file, and evaluates both: their AP of boxes, and of masks or keypoints if they have
    /// them; otherwise as for classifiers.</summary>
    public static OnnxComparison Run(ObjectDetector network, ObjectDetector file, DetectionDataset dataset,
        Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        ComparisonSums sums = new();
        DetectionMetrics ofNetwork = network.Evaluate(dataset, progress, cancellation);
        DetectionMetrics ofFile = DetectorEvaluation.Collect(image =>
        {
            Detections found = sums.File(() => file.Detect(image));
            sums.Add(sums.Network(() => network.Detect(image)), found);
            return found;
        }, dataset, progress, cancellation).Evaluate();
        Dictionary<string, double> figures = new(ofFile.Figures());
        return sums.Result([.. ofNetwork.Figures().Where(figure => figure.Key is "AP" or "bbox_AP" && figures.ContainsKey(figure.Key))
            .Select(figure => (figure.Key, figure.Value, figures[figure.Key]))]);
    }

    private static OnnxComparison OverImages(IReadOnlyList<string> images, Action<Mat, ComparisonSums> compare, Action<int, int>? progress,
        CancellationToken cancellation)
    {
        ComparisonSums sums = new();
        using var noGradient = inference_mode();
        for (int i = 0; i < images.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using Mat image = ImageFile.Read(images[i]);
            compare(image, sums);
            progress?.Invoke(i + 1, images.Count);
        }
        return sums.Result();
    }
}
