using OpenCvSharp;
using Vision.Data;
using Vision.Evaluation;
using Vision.Segmentation;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Onnx.Tests;

public sealed class OnnxModelTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AClassifierPredictsAndIsEvaluated()
    {
        using OnnxClassifier classifier = OnnxClassifier.Load(SmallOnnx.Classifier().In(folder));
        using Mat image = new(20, 30, MatType.CV_8UC3, new Scalar(51, 204, 102));                              // RGB 0.2, 0.8, 0.4

        ClassScores scores = classifier.Predict(image);
        Assert.Equal([1, 2, 0], scores.Labels);
        double sum = Math.Exp(2) + Math.Exp(8) + Math.Exp(4);
        Assert.Equal(Math.Exp(8) / sum, scores.Scores[0], 1e-5);
        Assert.Equal(Math.Exp(2) / sum, scores.Scores[2], 1e-5);
        Assert.Equal(SmallOnnx.Colors, classifier.Categories);

        foreach (string color in (string[])["red", "green", "blue"])
        {
            Directory.CreateDirectory(folder[$"data/val/{color}"]);
            using Mat bgr = new(9, 9, MatType.CV_8UC3, color == "red" ? new Scalar(0, 0, 255) : new Scalar(0, 255, 0));
            Cv2.ImWrite(folder[$"data/val/{color}/1.png"], bgr);
        }
        ClassificationDataset data = ClassificationReader.Read(folder["data"], DatasetFormat.Auto, "val", classifier.Categories);
        Assert.Equal(2 / 3.0, classifier.Evaluate(data).Top1, 1e-9);
    }

    [Fact]
    public void ASegmenterPredictsAtAnySizeAndAtTheSizeOfItsContract()
    {
        using OnnxSegmenter segmenter = OnnxSegmenter.Load(SmallOnnx.Segmenter().In(folder));
        Assert.Equal([(255, 0, 0), (0, 255, 0), (0, 0, 255)], segmenter.Colors!);
        using var scope = NewDisposeScope();
        Tensor image = rand(3, 13, 22);
        Close.To(segmenter.Probabilities(image), (image * 10).softmax(0), 1e-5);
        Assert.Equal(image.argmax(0).to(ScalarType.Byte).bytes.ToArray(), segmenter.Predict(image).Classes.ToArray());

        using OnnxSegmenter smaller = OnnxSegmenter.Load(SmallOnnx.Segmenter(shorterSide: 6).In(folder));
        Assert.Equal(6, smaller.View.ShorterSide);
        Assert.Equal([3, 13, 22], smaller.Probabilities(image).shape);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(20, 0.02)]                                                  // logits are resized before they become probabilities
    public void ASegmenterIsEvaluatedAsItPredictsAndAsItsProbabilitiesSay(int? shorterSide, double tolerance)
    {
        using OnnxSegmenter segmenter = OnnxSegmenter.Load(SmallOnnx.Segmenter(shorterSide).In(folder));
        Random random = new(1);
        using Mat image = new(24, 31, MatType.CV_8UC3), labels = new(24, 31, MatType.CV_8UC1);
        random.NextBytes(image.AsSpan<byte>());
        foreach (ref byte label in labels.AsSpan<byte>()) label = (byte)random.Next(3);
        Cv2.ImWrite(folder["image.png"], image);
        Cv2.ImWrite(folder["labels.png"], labels);
        SegmentationDataset data = new()
        {
            Name = "noise", Categories = SmallOnnx.Colors,
            Samples = [new() { File = folder["image.png"], MaskFile = folder["labels.png"], Values = MaskValues.Plain(3) }],
        };

        double mean = segmenter.Evaluate(data).MeanIou;
        Assert.InRange(mean, 0.1, 0.9);
        Assert.Equal(mean, segmenter.Evaluate(data, predict: segmenter.Predict).MeanIou);
        double ofProbabilities =
            segmenter.Evaluate(data, predict: seen => SegmenterViews.MapOf(segmenter.Probabilities(seen))).MeanIou;
        Assert.Equal(mean, ofProbabilities, tolerance);
    }

    [Fact]
    public void ADeviceThatOnnxRuntimeCannotUseIsNamed()
    {
        string path = SmallOnnx.Classifier().In(folder);
        Assert.Contains("not on meta",
            Assert.Throws<NotSupportedException>(() => OnnxClassifier.Load(path, new Device(TorchSharp.DeviceType.META))).Message);
        if (cuda.is_available()) return;
        string message =
            Assert.Throws<NotSupportedException>(() => OnnxClassifier.Load(path, new Device(TorchSharp.DeviceType.CUDA, 0))).Message;
        Assert.StartsWith("ONNX Runtime cannot use CUDA: ", message);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("fasterrcnn_resnet50_fpn")]
    [InlineData("maskrcnn_resnet50_fpn")]
    [InlineData("keypointrcnn_resnet50_fpn")]
    public void ADetectorPredictsObjects(string name)
    {
        using OnnxDetector detector = OnnxDetector.Load(SmallOnnx.Detector(name).In(folder));
        using Mat image = new(4, 6, MatType.CV_8UC3, new Scalar(0, 0, 0));
        Cv2.Rectangle(image, new Rect(0, 0, 2, 4), new Scalar(255, 0, 0), Cv2.FILLED);

        Data.Detection blue = Assert.Single(detector.Predict(image));
        Assert.Equal((SmallOnnx.Colors[2], 0.9f, new Box(1, 2, 3, 4)), (blue.Category, blue.Score, blue.Box));
        detector.ScoreThreshold = 0;
        Detections all = detector.Predict(image);
        Assert.Equal(["blue", "red"], all.Select(found => found.Category.Name));
        Assert.Equal(name.StartsWith("mask") ? [8L, 16L] : null, all.Masks?.Select(mask => mask.Area));
        Assert.Equal(name.StartsWith("keypoint") ? new Keypoint(3, 4, 0.25f) : null, all[1].Keypoints?[0]);
    }

    [Fact]
    public void PredictionsLeaveNothingBehind()
    {
        using OnnxDetector detector = OnnxDetector.Load(SmallOnnx.Detector("maskrcnn_resnet50_fpn").In(folder));
        using OnnxSegmenter segmenter = OnnxSegmenter.Load(SmallOnnx.Segmenter(6).In(folder));
        using OnnxClassifier classifier = OnnxClassifier.Load(SmallOnnx.Classifier().In(folder));
        using Mat image = new(12, 16, MatType.CV_8UC3, new Scalar(9, 99, 199));
        LiveTensors.Unchanged(() =>
        {
            detector.Predict(image);
            segmenter.Predict(image);
            classifier.Predict(image);
            OnnxSegmenter.Load(folder["model.onnx"].Replace("model", Write(SmallOnnx.Segmenter()))).Dispose();
        });

        string Write(Schema.ModelProto model)
        {
            folder.Write("other.onnx", Google.Protobuf.MessageExtensions.ToByteArray(model));
            return "other";
        }
    }

    [Fact]
    public void TwoModelsAreComparedImageByImage()
    {
        using OnnxDetector detector = OnnxDetector.Load(SmallOnnx.Detector().In(folder));
        using OnnxDetector other = OnnxDetector.Load(SmallOnnx.Detector(label: 2).In(folder));
        using OnnxSegmenter segmenter = OnnxSegmenter.Load(SmallOnnx.Segmenter().In(folder));
        using Mat image = new(12, 16, MatType.CV_8UC3, new Scalar(9, 99, 199));
        Cv2.ImWrite(folder["photo.png"], image);

        OnnxComparison same = OnnxVerification.Run(detector, detector, [folder["photo.png"]]);
        Assert.Equal((1, 0, 0, 1), (same.Images, same.LargestDifference, same.LargestShift, same.Agreement));
        OnnxComparison different = OnnxVerification.Run(detector, other, [folder["photo.png"]]);
        Assert.Equal(0.5, different.Agreement);

        segmenter.View = segmenter.View with { Flip = true };
        Assert.Equal(1, OnnxVerification.Run(segmenter, segmenter, [folder["photo.png"], folder["photo.png"]]).Agreement);
    }

    [Fact]
    public void AFileThatComputesSomethingElseDrifts()
    {
        string path = SmallOnnx.Classifier().With(contract => contract with
        {
            Fingerprint = contract.Fingerprint with { Seed = 2 },
        }).In(folder);

        string message = Assert.Throws<InputException>(() => OnnxClassifier.Load(path)).Message;
        Assert.StartsWith(
            $"{path}: the file drifts from what it was exported from: the largest difference in its fingerprint is 0.", message);
        Assert.EndsWith("and rounding explains 1E-05. Export the network again.", message);
    }

    [Fact]
    public void AFileOfAnotherTaskIsRefused()
    {
        string path = SmallOnnx.Classifier().In(folder);
        Assert.Equal($"{path} holds a resnet18, which is not a detector: load it as what it is.",
            Assert.Throws<InputException>(() => OnnxDetector.Load(path)).Message);
    }
}
