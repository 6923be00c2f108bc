using Google.Protobuf;
using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Detection;
using Vision.Onnx.Building;
using Vision.Onnx.Schema;
using Vision.Segmentation;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Onnx.Tests;

/// <summary>ONNX files of a few operators, whose outputs are easy to compute, with contracts.</summary>
internal static class SmallOnnx
{
    public static readonly Category[] Colors = [new(3, "red"), new(5, "green"), new(9, "blue")];

    /// <summary>The score of a color is its mean in the image, times 10.</summary>
    public static ModelProto Classifier()
    {
        using OnnxGraphBuilder graph = new("colors");
        OnnxValue image = graph.Input("image", DataType.Float, "N", 3, 8, 8);
        graph.Output("logits", graph.Op("GlobalAveragePool", image).Squeeze(2, 3) * 10f, DataType.Float, "N", 3);
        ClassifierDescription description = new() { Model = "resnet18", Categories = Colors, Preprocessing = new Preprocessing(8, 8) };
        return Model(graph, ContractOf.Classifier(description, Fingerprint(seen => [("logits", seen.mean([2, 3]) * 10)])));
    }

    /// <summary>The score of a color is its value at the pixel, times 10.</summary>
    public static ModelProto Segmenter(int? shorterSide = null)
    {
        using OnnxGraphBuilder graph = new("colors");
        OnnxValue image = graph.Input("image", DataType.Float, "N", 3, "H", "W");
        graph.Output("logits", image * 10f, DataType.Float, "N", 3, "H", "W");
        SegmenterDescription description = new()
        {
            Model = "fcn_resnet50", Categories = Colors, Options = new() { NumClasses = 3 }, ShorterSide = shorterSide,
            Colors = [(255, 0, 0), (0, 255, 0), (0, 0, 255)],
        };
        return Model(graph, ContractOf.Segmenter(description, Fingerprint(seen => [("logits", seen * 10)])));
    }

    /// <summary>Finds two objects at the same places in every image: a blue one, and a red one with half its score.</summary>
    /// <param name="name">The detector that the contract names.</param>
    /// <param name="label">The label of the first object.</param>
    public static ModelProto Detector(string name = "fasterrcnn_resnet50_fpn", long label = 3)
    {
        using OnnxGraphBuilder graph = new("two objects");
        OnnxValue image = graph.Input("image", DataType.Float, 1, 3, "H", "W");
        OnnxValue zero = graph.Op("ReduceSum", image) * 0f;
        OnnxContract contract = ContractOf.Detector(
            new() { Model = name, Categories = Colors, Options = new() { NumClasses = 4 } }, Fingerprint(_ => Found(label)));
        graph.Output("boxes", graph.Const([1f, 2, 3, 4, 0, 0, 4, 4], 2, 4) + zero.Reshape(1), DataType.Float, "D", 4);
        graph.Output("scores", graph.Const([0.9f, 0.45f]), DataType.Float, "D");
        graph.Output("labels", graph.Const([label, 1L]), DataType.Int64, "D");
        if (contract.Task == OnnxTask.InstanceSegmentation)
            // Red where the image is, and its complement: [2, H, W].
            graph.Output("masks", graph.Concat(0, Red(image), 1f - Red(image)), DataType.Float, "D", "H", "W");
        if (contract.Task == OnnxTask.Keypoints)
            graph.Output("keypoints", graph.Const([1f, 2, 0.5f, 3, 4, 0.25f], 2, 1, 3), DataType.Float, "D", 1, 3);
        return Model(graph, contract);

        static OnnxValue Red(OnnxValue image) => image.Squeeze(0).Slice(0, 0, 1);
    }

    /// <summary>Replaces the contract.</summary>
    public static ModelProto With(this ModelProto model, Func<OnnxContract, OnnxContract> change)
    {
        StringStringEntryProto entry = model.MetadataProps.Single(entry => entry.Key == OnnxContract.Key);
        entry.Value = change(OnnxContract.FromJson(entry.Value, "test")).ToJson();
        return model;
    }

    /// <summary>Writes it into a folder, and gives its path.</summary>
    public static string In(this ModelProto model, TempFolder folder) => folder.Write("model.onnx", model.ToByteArray());

    private static (string, Tensor)[] Found(long label) =>
    [
        ("boxes", tensor(new float[] { 1, 2, 3, 4, 0, 0, 4, 4 }, [2, 4])), ("scores", tensor([0.9f, 0.45f])),
        ("labels", tensor([label, 1L])),
    ];

    private static OnnxFingerprint Fingerprint(Func<Tensor, (string Name, Tensor Output)[]> network)
    {
        using var scope = NewDisposeScope();
        OnnxFingerprint empty = new() { Seed = 1, Height = 8, Width = 8, Block = 2, Outputs = [], Tolerance = 1e-5 };
        return empty with { Outputs = [.. network(empty.Image()).Select(output => OnnxExpected.Of(output.Name, output.Output))] };
    }

    private static ModelProto Model(OnnxGraphBuilder graph, OnnxContract contract) => new()
    {
        IrVersion = 8,
        Graph = graph.Graph,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } },
        MetadataProps = { new StringStringEntryProto { Key = OnnxContract.Key, Value = contract.ToJson() } },
    };
}
