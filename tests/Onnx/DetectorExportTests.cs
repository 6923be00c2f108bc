using OpenCvSharp;
using TorchSharp;
using Vision.Data;
using Vision.Detection;
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
