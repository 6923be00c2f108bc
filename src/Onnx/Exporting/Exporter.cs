using OpenCvSharp;
using TorchSharp;
using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Detection;
using Vision.Onnx.Exporting;
using Vision.Segmentation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Onnx;

/// <summary>
/// Writes trained models as ONNX files (opset 17) that any other program can run. They contain the normalization of images, hold for
/// images of any size and number (detectors: one at a time), and say in their metadata what their input and outputs mean
/// (<see cref="OnnxContract"/>).
/// </summary>
/// <example><code>
/// using var model = TrainedSegmenter.Load("best.safetensors");
/// Exporter.ToOnnx(model, "streets.onnx");
/// </code></example>
public static class Exporter
{
    /// <summary>Exports a classifier: its input is a batch of crops, "image" [N, 3, H, W], and its output "logits" [N, classes].</summary>
    /// <param name="model">The classifier, on the CPU.</param>
    /// <param name="path">The file; weights above 2 GB go to a second one, named after it with ".data" at the end.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="InputException">The file exists, or there are no images to calibrate with.</exception>
    /// <exception cref="PlatformNotSupportedException">This system lacks libtorch's tracer: it is on Linux on x86-64.</exception>
    /// <exception cref="NotSupportedException">The network is on a GPU, or does something that cannot be exported; the message says
    /// what.</exception>
    public static void ToOnnx(TrainedClassifier model, string path, ExportOptions? options = null) =>
        ToOnnx(model.Model, model.Description, path, options ?? new());

    /// <summary>Exports a segmenter: its input is a batch of images, "image" [N, 3, H, W], and its output "logits" [N, classes, H, W].
    /// Images whose sides the network cannot divide are padded and cropped inside.</summary>
    /// <param name="model">The segmenter, on the CPU.</param>
    /// <param name="path">The file; weights above 2 GB go to a second one, named after it with ".data" at the end.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="InputException">The file exists, or there are no images to calibrate with.</exception>
    /// <exception cref="PlatformNotSupportedException">This system lacks libtorch's tracer: it is on Linux on x86-64.</exception>
    /// <exception cref="NotSupportedException">The network is on a GPU, or does something that cannot be exported; the message says
    /// what.</exception>
    public static void ToOnnx(TrainedSegmenter model, string path, ExportOptions? options = null) =>
        ToOnnx(model.Model, model.Description, path, options ?? new());

    /// <summary>Exports a whole detector: its input is an image, "image" [1, 3, H, W] of any size, which the graph resizes, and its
    /// outputs are the objects in it, highest score first: "boxes" [D, 4] (left, top, right and bottom in pixels of the image), "scores"
    /// [D], "labels" int64 [D] (1 is the first category), and, if the detector has them, "masks" bool [D, H, W] or "keypoints" [D, K, 3]
    /// (x, y and confidence).</summary>
    /// <param name="model">The detector, on the CPU.</param>
    /// <param name="path">The file; weights above 2 GB go to a second one, named after it with ".data" at the end.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="InputException">The file exists, there are no images to calibrate with, or the detector is a custom one or has soft
    /// suppression.</exception>
    /// <exception cref="PlatformNotSupportedException">This system lacks libtorch's tracer: it is on Linux on x86-64.</exception>
    /// <exception cref="NotSupportedException">The network is on a GPU, or does something that cannot be exported; the message says
    /// what.</exception>
    public static void ToOnnx(TrainedDetector model, string path, ExportOptions? options = null) =>
        ToOnnx(model.Model, model.Description, path, options ?? new());

    /// <summary>Exports a classifier that is not in a file.</summary>
    internal static void ToOnnx(Backbone network, ClassifierDescription description, string path, ExportOptions options)
    {
        ClassifierInput input = new(description.Preprocessing);
        new ExportedFile(path, options).Write(description.Model,
            (builder, half) => ExportedGraph.Add(builder, network, description, half), input.Cropped,
            image => [network.call(input.Normalize(image, CPU))], fingerprint => ContractOf.Classifier(description, fingerprint));
    }

    /// <summary>Exports a segmenter that is not in a file.</summary>
    internal static void ToOnnx(Segmenter network, SegmenterDescription description, string path, ExportOptions options) =>
        new ExportedFile(path, options).Write(description.Model,
            (builder, half) => ExportedGraph.Add(builder, network, description, half), image => Resized(image, description.ShorterSide),
            image => [network.Logits(image[0])], fingerprint => ContractOf.Segmenter(description, fingerprint));

    /// <summary>Exports a detector that is not in a file.</summary>
    internal static void ToOnnx(Detector network, DetectorDescription description, string path, ExportOptions options) =>
        new ExportedFile(path, options).Write(description.Model,
            (builder, half) => ExportedGraph.Add(builder, network, description, half), image => Resized(image, null),
            image => DetectorTensors.Of(network.call([image[0]])[0], image.shape, description),
            fingerprint => ContractOf.Detector(description, fingerprint));

    private static Tensor Resized(Mat image, int? shorterSide)
    {
        using var scope = NewDisposeScope();
        Tensor pixels = ImageTensor.From(image).unsqueeze(0);                                   // [1, 3, H, W]
        double factor = shorterSide is { } side ? (double)side / Math.Min(image.Width, image.Height) : 1;
        return interpolate(pixels, [(long)Math.Round(image.Height * factor), (long)Math.Round(image.Width * factor)],
            mode: InterpolationMode.Bilinear, align_corners: false).MoveToOuterDisposeScope();
    }
}
