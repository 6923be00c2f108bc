using OpenCvSharp;
using TorchSharp;
using Vision.Data;
using Vision.Detection;
using Vision.Onnx.Building;
using Vision.Onnx.Exporting;
using Vision.Ops;
using Vision.Testing;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Vision.Onnx.Tests;

/// <summary>Every detector of the catalog, exported: what ONNX Runtime finds in photographs is what the detector finds.</summary>
[Trait("Category", "Slow")]
public class DetectorExportTests
{
    private readonly ITestOutputHelper log;

    public DetectorExportTests(ITestOutputHelper log) => this.log = log;

    public static TheoryData<string> Names => [.. DetectorCatalog.DefaultNames];

    [SkippableTheory, MemberData(nameof(Names))]
    public void DetectionsAreThoseOfTheDetector(string name)
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        var (network, description) = ExportedModels.Detector(name);
        using (network)
        {
            Exporter.ToOnnx(network, description, folder["model.onnx"], new());
            using OnnxDetector exported = OnnxDetector.Load(folder["model.onnx"]);
            foreach (Tensor image in Photographs())
            {
                Detections expected = network.call([image])[0], actual = exported.Detect(image);
                SameDetections.Check(actual, expected, log);
                Assert.True(expected.Count > 20, $"Only {expected.Count} objects are found: the comparison shows little.");
            }
        }
    }

    /// <summary>Nothing is found, or there is not even a proposal.</summary>
    [Theory]
    [InlineData("maskrcnn_resnet50_fpn", true)]
    [InlineData("maskrcnn_resnet50_fpn", false)]
    [InlineData("keypointrcnn_resnet50_fpn", true)]
    [InlineData("cascade_rcnn_resnet50_fpn", true)]
    [InlineData("retinanet_resnet50_fpn", false)]
    [InlineData("ssdlite320_mobilenet_v3_large", false)]
    public void NothingFoundIsEmpty(string name, bool noProposals)
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        var (network, description) = ExportedModels.Detector(name, options => noProposals
            ? options with { Rpn = options.Rpn with { ScoreThreshold = 2 } }
            : options with
            {
                Roi = options.Roi with { ScoreThreshold = 1 }, Ssd = options.Ssd with { ScoreThreshold = 1 },
                RetinaNet = options.RetinaNet with { ScoreThreshold = 1 },
            });
        using (network)
        {
            Exporter.ToOnnx(network, description, folder["model.onnx"], new());
            using OnnxDetector exported = OnnxDetector.Load(folder["model.onnx"]);
            Detections found = exported.Detect(rand(3, 70, 90));
            Assert.Equal((0, 0, 0), (found.Count, found.Labels.Length, found.Scores.Length));
            DetectorTask task = DetectorCatalog.ArchitectureOf(name).Task;
            Assert.Equal(task == DetectorTask.Instance, found.Masks is { Length: 0 });
            Assert.Equal(task == DetectorTask.Keypoint, found.Keypoints is { Length: 0 });
        }
    }

    [SkippableFact]
    public void ExportedFilesAreValid()
    {
        Peer.Require();
        using TempFolder folder = new();
        string[] names = ["maskrcnn_resnet50_fpn", "keypointrcnn_resnet50_fpn", "cascade_rcnn_resnet50_fpn", "fasterrcnn_resnet50_c4",
            "fcos_resnet50_fpn", "ssdlite320_mobilenet_v3_large", "yolov3_resnet50", "detr_resnet50"];
        string[] files = [.. names.Select(name => folder[$"{name}.onnx"])];
        foreach (var (name, file) in names.Zip(files))
        {
            var (network, description) = ExportedModels.Detector(name);
            using (network)
            using (OnnxGraphBuilder builder = new(name))
            {
                ExportedGraph.Add(builder, network, description);
                OnnxModelFile.Write(file, builder.Graph, new Dictionary<string, string>());
            }
        }
        string[] shapes = Peer.Run("onnx_check.py", files).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["D 4; D; D; D H W", "D 4; D; D; D 3 3", .. Enumerable.Repeat("D 4; D; D", names.Length - 2)], shapes);
    }

    [Fact]
    public void SoftSuppressionIsRefused()
    {
        using TempFolder folder = new();
        var (network, description) = ExportedModels.Detector("yolox_resnet50", options => options with
        {
            Yolo = options.Yolo with { Suppression = new() { Kind = SuppressionKind.SoftLinear } },
        });
        using (network)
            Assert.Contains("SoftLinear cannot be exported",
                Assert.Throws<InputException>(() => Exporter.ToOnnx(network, description, folder["model.onnx"], new())).Message);
        Assert.False(File.Exists(folder["model.onnx"]));
    }

    [SkippableTheory]
    [InlineData("retinanet_resnet50_fpn", ExportPrecision.Half)]
    [InlineData("maskrcnn_resnet50_fpn", ExportPrecision.Half)]
    [InlineData("detr_resnet50", ExportPrecision.Half)]
    [InlineData("retinanet_resnet50_fpn", ExportPrecision.Int8)]
    public void OtherPrecisionsFindObjects(string name, ExportPrecision precision)
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        Directory.CreateDirectory(folder["images"]);
        File.Copy(Path.Combine(SharedData.Find("data/coco128/images/train2017"), "000000000009.jpg"), folder["images/9.jpg"]);
        var (network, description) = ExportedModels.Detector(name);
        using (network)
            Exporter.ToOnnx(network, description, folder["model.onnx"], new() { Precision = precision, Calibration = folder["images"] });
        using OnnxDetector exported = OnnxDetector.Load(folder["model.onnx"]);
        Assert.True(exported.Detect(Photographs().First()).Count > 20);
    }

    /// <summary>A detector of a program's own.</summary>
    [Fact]
    public void CustomDetectorsAreRefused()
    {
        using TempFolder folder = new();
        var (network, description) = ExportedModels.Detector("yolox_resnet50");
        using TestTimeAugmentation custom = new(network);
        custom.eval();
        Assert.Contains("only the toolkit's own detectors can",
            Assert.Throws<InputException>(() => Exporter.ToOnnx(custom, description, folder["model.onnx"], new())).Message);
    }

    /// <summary>A wide photograph and a high one, at low resolution.</summary>
    private static IEnumerable<Tensor> Photographs()
    {
        string folder = SharedData.Find("data/coco128/images/train2017");
        foreach (var (file, width, height) in new[] { ("000000000009.jpg", 200, 150), ("000000000049.jpg", 131, 173) })
        {
            using Mat photograph = ImageFile.Read(Path.Combine(folder, file)), small = new();
            Cv2.Resize(photograph, small, new(width, height), 0, 0, InterpolationFlags.Area);
            yield return ImageTensor.From(small);
        }
    }
}
