using TorchSharp;
using Vision.Detection;
using Vision.Onnx.Building;
using Vision.Onnx.Detectors;
using Vision.Onnx.Exporting;
using Vision.Onnx.Lowering;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Onnx.Tests;

/// <summary>The pieces of a detector's graph, each against its counterpart in the detector.</summary>
public class DetectorFragmentTests
{
    [Theory]
    [InlineData(ResizeMode.ShorterSide, 160, 224)]
    [InlineData(ResizeMode.Letterbox, 120, 120)]
    [InlineData(ResizeMode.Stretched, 90, 90)]
    public void ImagesAreResizedNormalizedAndPadded(ResizeMode fit, int shorter, int longer)
    {
        using var scope = NewDisposeScope();
        DetectorInput input = new(new() { NumClasses = 2, MinSize = shorter, MaxSize = longer }, fit);
        using OnnxGraphBuilder builder = new("input");
        PreparedImage image = PreparedImage.Of(builder.Input("image", DataType.Float, 1, 3, "H", "W"), input);
        builder.Output("pixels", image.Pixels, DataType.Float);
        builder.Output("limits", image.Limits, DataType.Float, 4);
        using Ort graph = Loaded(builder);
        foreach (Tensor pixels in (Tensor[])[rand(3, 96, 96), rand(3, 61, 200), rand(3, 300, 97)])
        {
            ImageBatch expected = input.ForPrediction([pixels], CPU);
            Tensor[] actual = graph.Run(pixels.unsqueeze(0));
            float width = expected.Sizes[0].Width, height = expected.Sizes[0].Height;
            Assert.Equal([width, height, width, height], actual[1].data<float>().ToArray());
            Close.To(actual[0], expected.Pixels, 1e-4, "pixels");
        }
    }

    private static Ort Loaded(OnnxGraphBuilder builder)
    {
        using TempFolder folder = new();
        OnnxModelFile.Write(folder["graph.onnx"], builder.Graph, new Dictionary<string, string>());
        return new(File.ReadAllBytes(folder["graph.onnx"]));
    }
}
