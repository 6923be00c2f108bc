using TorchSharp;
using Vision.Data;
using Vision.Detection;
using Vision.Onnx.Building;
using Vision.Onnx.Detectors;
using Vision.Onnx.Exporting;
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

    [Theory]
    [InlineData(96, 160)]
    [InlineData(224, 65)]
    public void AnchorsAreThoseOfTheGenerator(int height, int width)
    {
        using var scope = NewDisposeScope();
        using AnchorGenerator anchors = new([[32, 40], [64, 81]], [0.5f, 1, 2]);
        using OnnxGraphBuilder builder = new("anchors");
        OnnxValue[] levels = [.. Enumerable.Range(0, 2).Select(i => builder.Input($"level{i}", DataType.Float, 1, 1, $"H{i}", $"W{i}"))];
        OnnxValue image = builder.Const([(long)height, width]);
        builder.Output("boxes", AnchorGrid.Of(anchors, levels, image).Rows, DataType.Float);
        using Ort graph = Loaded(builder);
        Tensor[] maps = [zeros(1, 1, height / 8, width / 8), zeros(1, 1, height / 16, width / 16)];
        Close.To(graph.Run(maps)[0], anchors.For(maps, new(height, width)).Boxes, 0, "anchors");
    }

    [Theory]
    [InlineData(100, 140)]
    [InlineData(61, 50)]
    public void MasksArePastedAsByTheDetector(int height, int width)
    {
        using var scope = NewDisposeScope();
        const int side = 28;
        using OnnxGraphBuilder builder = new("masks");
        OnnxValue probabilities = builder.Input("masks", DataType.Float, "D", side, side);
        OnnxValue boxes = builder.Input("boxes", DataType.Float, "D", 4);
        OnnxValue pasted = MaskPasting.Paste(probabilities, side, boxes, builder.Const([(long)height, width]));
        builder.Output("pasted", pasted, DataType.Bool);
        using Ort graph = Loaded(builder);
        float[][] places = [[10, 20, 47, 55.5f], [-3, -5, width + 2, height + 9], [5.2f, 5.4f, 5.3f, 5.5f], [30, 2, 40, 60]];
        Tensor values = rand(places.Length, side, side);
        Tensor actual = graph.Run(values, tensor(places.SelectMany(box => box).ToArray(), [places.Length, 4]))[0];
        for (int i = 0; i < places.Length; i++)
        {
            float[] box = places[i];
            RleMask expected = MaskPaster.Paste(values[i].data<float>().ToArray(), side, new(box[0], box[1], box[2], box[3]),
                new(height, width));
            RleMask mask = RleMask.Encode(actual[i].data<bool>().Select(inside => (byte)(inside ? 1 : 0)).ToArray(), width, height);
            Assert.True(expected.Area == mask.Area && (expected.Area == 0 || expected.IoU(mask) == 1), $"Mask {i} differs.");
        }
    }

    private static Ort Loaded(OnnxGraphBuilder builder)
    {
        using TempFolder folder = new();
        OnnxModelFile.Write(folder["graph.onnx"], builder.Graph, new Dictionary<string, string>());
        return new(File.ReadAllBytes(folder["graph.onnx"]));
    }
}
