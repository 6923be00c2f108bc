using OpenCvSharp;
using Vision.Data;
using Vision.Evaluation;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Classification;

/// <summary>A classifier that is ready to predict: one of trained weights (<see cref="TrainedClassifier"/>), or of an exported
/// file.</summary>
public abstract class ImageClassifier : TrainedModel<ClassScores>
{
    /// <summary>Takes a network.</summary>
    /// <param name="network">The network, which this object owns from now on.</param>
    /// <param name="categories">Its classes, in the order of their labels.</param>
    /// <param name="input">How it sees an image.</param>
    /// <param name="device">The device to compute on; null for the CPU.</param>
    protected ImageClassifier(IDisposable network, IReadOnlyList<Category> categories, ClassifierInput input, Device? device)
        : base(network, categories, device) => Input = input;

    /// <summary>How the network sees an image.</summary>
    public ClassifierInput Input { get; }

    /// <inheritdoc/>
    /// <returns>All classes with their probabilities, highest score first.</returns>
    public override ClassScores Predict(Mat image)
    {
        using var noGradient = inference_mode();
        using var scope = NewDisposeScope();
        Tensor logits = Logits(Input.Cropped(image))[0];                                        // [C]
        (Tensor scores, Tensor labels) = logits.softmax(0).sort(0, true);
        return new() { Categories = Categories, Labels = [.. labels.ToHost<long>().Select(label => (int)label)],
            Scores = scores.to(float32).ToHost<float>() };
    }

    /// <inheritdoc/>
    /// <remarks>Values are first rounded to 8 bits, so that the image is resized like one that is read from a file.</remarks>
    /// <returns>All classes with their probabilities, highest score first.</returns>
    public override ClassScores Predict(Tensor image)
    {
        using Mat pixels = ImageTensor.ToMat(image);
        return Predict(pixels);
    }

    /// <summary>The logits of images that are already resized and cropped, [N, classes], on the device.</summary>
    /// <param name="images">RGB, float32 [N, 3, side, side] in [0, 1]: not normalized.</param>
    public abstract Tensor Logits(Tensor images);

    /// <summary>Evaluates the classifier.</summary>
    /// <param name="dataset">Images with the same classes as the classifier, in the same order.</param>
    /// <param name="progress">Called with (images done, images in total).</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    /// <exception cref="InputException">No image can be read.</exception>
    public ClassificationMetrics Evaluate(ClassificationDataset dataset, Action<int, int>? progress = null,
        CancellationToken cancellation = default) =>
        ClassifierEvaluation.Run(Logits, Input, dataset, progress, cancellation);
}
