using System.Runtime.InteropServices;
using Google.Protobuf;
using Vision.Onnx.Schema;
using Vision.Testing;

namespace Vision.Onnx.Tests;

/// <summary>Files that someone else made: each is refused in one line that names it, and takes no memory.</summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AMissingFileIsRefused() => Refused(folder["none.onnx"], "there is no such file");

    [Fact]
    public void AFolderIsRefused()
    {
        Directory.CreateDirectory(folder["x.onnx"]);
        Refused(folder["x.onnx"], "there is no such file");
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1, 2, 3 })]            // a graph that claims to have 2 GB
    [InlineData(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10 })]
    public void WhatIsNotOnnxIsRefused(byte[] content) => Refused(folder.Write("x.onnx", content), "not an ONNX model");

    [Fact]
    public void ATruncatedFileIsRefused()
    {
        byte[] whole = SmallOnnx.Classifier().ToByteArray();
        foreach (int kept in Enumerable.Range(1, whole.Length - 1).Where(length => length % 7 == 0 || length == whole.Length - 1))
            Refused(folder.Write("x.onnx", whole[..kept]), "");
    }

    [Fact]
    public void AFileWithoutAContractIsRefused()
    {
        ModelProto model = SmallOnnx.Classifier();
        model.MetadataProps.Clear();
        Refused(model.In(folder), "says nothing about its classes");
    }

    [Fact]
    public void ForeignOperatorsAreRefused()
    {
        ModelProto model = SmallOnnx.Classifier();
        model.Graph.Node[0].Domain = "com.example";
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.example", Version = 1 });
        Refused(model.In(folder), "uses the operator GlobalAveragePool of com.example");

        model = SmallOnnx.Classifier();
        model.Graph.Node[0].OpType = "Telepathy";
        Refused(model.In(folder), "ONNX Runtime fails before it loads");

        // Field 25 of a model, a message: an empty function.
        byte[] withFunction = [.. SmallOnnx.Classifier().ToByteArray(), 0xCA, 0x01, 0x00];
        Refused(folder.Write("x.onnx", withFunction), "uses functions of its own");
    }

    [Theory]
    [InlineData(1L << 40, 1L << 40)]
    [InlineData(1L << 62, 1L << 62)]
    [InlineData(-1L, -5L)]
    [InlineData(1L << 20, 1L << 8)]
    public void ATensorThatClaimsMoreThanTheFileHoldsIsRefused(long rows, long columns)
    {
        ModelProto model = SmallOnnx.Classifier();
        model.Graph.Initializer.Add(new TensorProto { Name = "huge", DataType = (int)DataType.Float, Dims = { rows, columns } });
        Refused(model.In(folder), $"the tensor huge claims to be [{rows}, {columns}]");

        model = SmallOnnx.Classifier();
        AttributeProto value = new()
        {
            Name = "value", Type = AttributeProto.Types.AttributeType.Tensor,
            T = new TensorProto { Name = "huge", DataType = (int)DataType.Float, Dims = { rows, columns } },
        };
        model.Graph.Node.Add(new NodeProto { OpType = "Constant", Output = { "c" }, Attribute = { value } });
        Refused(model.In(folder), $"the tensor huge claims to be [{rows}, {columns}]");
    }

    [Theory]
    [InlineData("ConstantOfShape", 0, new[] { 1L << 15, 1L << 15 })]
    [InlineData("ConstantOfShape", 0, new[] { 1L << 30, 1L << 22 })]
    [InlineData("Expand", 1, new[] { 1L, 1L << 40 })]
    [InlineData("Tile", 1, new[] { 1L << 10, 1L << 10, 1L << 10 })]
    [InlineData("Range", 1, new[] { 1L << 30 })]
    [InlineData("Resize", 3, new[] { 1L, 3, 1L << 16, 1L << 16 })]
    [InlineData("Pad", 1, new[] { 0L, 0, 0, 0, 0, 0, 0, 1L << 31 })]
    [InlineData("OneHot", 1, new[] { 1L << 31 })]
    public void AnOperatorThatMakesGigabytesIsRefused(string name, int input, long[] size)
    {
        ModelProto model = SmallOnnx.Classifier();
        model.Graph.Initializer.Add(new TensorProto
        {
            Name = "size", DataType = (int)DataType.Int64, Dims = { size.Length }, Int64Data = { size },
        });
        NodeProto node = new() { OpType = name, Output = { "big" } };
        for (int i = 0; i <= input; i++) node.Input.Add(i == input ? "size" : "image");
        model.Graph.Node.Insert(0, node);
        Refused(model.In(folder), $"its operator {name} makes more than this toolkit's files do");

        // The same size, raw, and unsuspicious by itself.
        TensorProto raw = model.Graph.Initializer[^1];
        raw.Int64Data.Clear();
        raw.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(size));
        Refused(model.In(folder), $"its operator {name} makes more than this toolkit's files do");
        raw.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<long>([.. size.Select(_ => 1L)]));
        model.Graph.Node.Insert(0, new NodeProto { OpType = "BitShift", Input = { "size", "size" }, Output = { "computed" } });
        node.Input[input] = "computed";
        Refused(model.In(folder), $"its operator {name} makes more than this toolkit's files do");
    }

    [Theory]
    [InlineData("../../etc/passwd", "outside of the file's folder")]
    [InlineData("/etc/passwd", "outside of the file's folder")]
    [InlineData("inner/../../x.bin", "outside of the file's folder")]
    [InlineData("", "outside of the file's folder")]
    [InlineData("missing.bin", "which is missing")]
    [InlineData("short.bin", "is too short")]
    [InlineData("link.bin", "is a link out of the file's folder")]
    public void WeightsElsewhereAreRefused(string location, string message)
    {
        folder.Write("short.bin", new byte[8]);
        File.CreateSymbolicLink(folder["link.bin"], "/etc/passwd");
        ModelProto model = SmallOnnx.Classifier();
        model.Graph.Initializer.Add(new TensorProto
        {
            Name = "weights", DataType = (int)DataType.Float, Dims = { 3 }, DataLocation = TensorProto.Types.DataLocation.External,
            ExternalData =
            {
                new StringStringEntryProto { Key = "location", Value = location },
                new StringStringEntryProto { Key = "length", Value = "12" },
            },
        });
        Refused(model.In(folder), message);
    }

    [Fact]
    public void AnotherInputOrOutputThanInTheContractIsRefused()
    {
        ModelProto model = SmallOnnx.Classifier();
        Refused(model.With(contract => contract with { Input = contract.Input with { Name = "photo" } }).In(folder), "its input is not");
        Refused(SmallOnnx.Classifier().With(contract => contract with { Outputs = [.. contract.Outputs, new("more", "", "")] }).In(folder),
            "does not have the output more");
        Refused(SmallOnnx.Classifier().With(contract => contract with { Categories = [SmallOnnx.Colors[0]] }).In(folder),
            "for 1 classes", path =>
            {
                using OnnxClassifier classifier = OnnxClassifier.Load(path);
                classifier.Logits(TorchSharp.torch.zeros(1, 3, 8, 8));
            });
    }

    [Fact]
    public void AClassThatTheContractDoesNotNameIsRefused() =>
        Refused(SmallOnnx.Detector(label: 4).In(folder), "found class 4 of 3", path =>
        {
            using OnnxDetector detector = OnnxDetector.Load(path);
            detector.Detect(TorchSharp.torch.zeros(3, 8, 8));
        });

    private static void Refused(string path, string message, Action<string>? use = null)
    {
        InputException refusal = Assert.Throws<InputException>(() => (use ?? (file => OnnxClassifier.Load(file).Dispose()))(path));
        Assert.StartsWith(path, refusal.Message);
        Assert.Contains(message, refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
