using OpenCvSharp;
using TorchSharp;
using Vision.Classification;
using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Onnx.Tests;

/// <summary>Exports with less precision than float32.</summary>
[Trait("Category", "Slow")]
public class PrecisionTests
{
    [Theory]
    [InlineData("mobilenet_v3_small")]
    [InlineData("convnext_tiny")]
    [InlineData("swin_t")]
    public void AClassifierInHalfPrecisionIsCloseAndHalfAsLarge(string name)
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        var (network, description) = ExportedModels.Classifier(name);
        using (network)
            IsHalf(folder, (path, options) => Exporter.ToOnnx(network, description, path, options), rand(2, 3, 96, 72));
    }

    [Theory]
    [InlineData("pspnet_resnet18")]
    [InlineData("unet_resnet18")]
    public void ASegmenterInHalfPrecisionIsCloseAndHalfAsLarge(string name)
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        var (network, description) = ExportedModels.Segmenter(name);
        using (network)
            IsHalf(folder, (path, options) => Exporter.ToOnnx(network, description, path, options), rand(2, 3, 96, 75));
    }

    /// <summary>Real weights on real images.</summary>
    [SkippableFact]
    public void AClassifierOfIntegersLosesHardlyAnyAccuracy()
    {
        using TempFolder folder = new();
        using TrainedClassifier trained = TrainedClassifier.Load(
            SharedData.Find("weights/cifar10/resnet20-12fca82f.th"), "resnet20_cifar");
        ClassificationDataset all = ClassificationReader.Read(SharedData.Find("data/cifar10"), split: "test");
        LabeledImage[] seen = [.. all.Samples.Take(64)];
        for (int i = 0; i < seen.Length; i++)
        {
            using Mat image = seen[i].Read();
            Cv2.CvtColor(image, image, ColorConversionCodes.RGB2BGR);
            Cv2.ImWrite(folder[$"{i}.png"], image);
        }
        ClassificationDataset others = new()
        {
            Name = "others", Categories = all.Categories, Samples = [.. all.Samples.Skip(64).Take(600)],
        };
        Exporter.ToOnnx(trained, folder["float.onnx"]);
        Exporter.ToOnnx(trained, folder["int8.onnx"], new() { Precision = ExportPrecision.Int8, Calibration = folder.Path });

        using OnnxClassifier exact = OnnxClassifier.Load(folder["float.onnx"]), integers = OnnxClassifier.Load(folder["int8.onnx"]);
        long before = exact.Evaluate(others).Correct, after = integers.Evaluate(others).Correct;
        Assert.InRange(before, 450, 550);
        Assert.InRange(after, before - 6, before + 6);          // one in a hundred
        Assert.NotEqual(0, Difference(exact, integers, others));
        long[] sizes = [.. ((string[])["float", "int8"]).Select(name => new FileInfo(folder[$"{name}.onnx"]).Length)];
        Assert.InRange(sizes[1], sizes[0] / 5, sizes[0] / 2);
    }

    [Fact]
    public void ASegmenterOfIntegersIsClose()
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        Random noise = new(3);
        for (int i = 0; i < 4; i++)
        {
            using Mat image = new(8, 12, MatType.CV_8UC3);
            noise.NextBytes(image.AsSpan<byte>());
            Cv2.Resize(image, image, new OpenCvSharp.Size(120, 80));
            Cv2.ImWrite(folder[$"{i}.png"], image);
        }
        var (network, description) = ExportedModels.Segmenter("deeplabv3_resnet18");
        using (network)
        {
            ExportOptions options = new() { Precision = ExportPrecision.Int8, Calibration = folder.Path };
            Exporter.ToOnnx(network, description with { ShorterSide = 64 }, folder["int8.onnx"], options);
            using Mat image = ImageFile.Read(folder["0.png"]);
            Tensor pixels = ImageTensor.From(image);
            using Ort integers = new(folder["int8.onnx"]);
            Tensor expected = network.Logits(pixels), given = integers.Run(pixels.unsqueeze(0))[0];
            Assert.InRange(((given - expected).square().mean() / expected.var()).item<float>(), 1e-6, 0.02);
            LiveTensors.Unchanged(() =>
                Exporter.ToOnnx(network, description, folder["again.onnx"], options with { Overwrite = true }));
        }
    }

    [Fact]
    public void IntegersNeedImages()
    {
        using TempFolder folder = new();
        var (network, description) = ExportedModels.Classifier("resnet20_cifar");
        using (network)
        {
            void Export(string? images) => Exporter.ToOnnx(network, description, folder["a.onnx"],
                new() { Precision = ExportPrecision.Int8, Calibration = images });
            Assert.EndsWith("give a folder of some.", Assert.Throws<InputException>(() => Export(null)).Message);
            Assert.Contains("no images in this folder", Assert.Throws<InputException>(() => Export(folder.Path)).Message);
        }
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static void IsHalf(TempFolder folder, Action<string, ExportOptions> export, Tensor images)
    {
        export(folder["float.onnx"], new());
        export(folder["half.onnx"], new() { Precision = ExportPrecision.Half });
        Assert.InRange(new FileInfo(folder["half.onnx"]).Length, 0, new FileInfo(folder["float.onnx"]).Length * 0.55);
        using Ort exact = new(folder["float.onnx"]), half = new(folder["half.onnx"]);
        Tensor expected = exact.Run(images)[0], given = half.Run(images)[0];
        Close.To(given, expected, 2e-2);
        Assert.False(given.Equals(expected));
    }

    private static double Difference(OnnxClassifier a, OnnxClassifier b, ClassificationDataset dataset)
    {
        using Mat image = dataset.Samples[0].Read();
        return a.Predict(image).Scores[0] - b.Predict(image).Scores[0];
    }
}
