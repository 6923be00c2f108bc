using TorchSharp;
using Vision.Backbones;
using Vision.Classification;
using Vision.Onnx.Building;
using Vision.Onnx.Exporting;
using Vision.Onnx.Schema;
using Vision.Segmentation;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Onnx.Tests;

/// <summary>The files that the exporter writes.</summary>
public class ExporterTests
{
    private const string Small = "resnet20_cifar";

    [Fact]
    public void ATrainedClassifierIsExportedWithItsContract()
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        var (network, description) = ExportedModels.Classifier(Small);
        using (network) WeightFile.WriteSafetensors(folder["a.safetensors"], network.state_dict(), description.ToMetadata());
        using var trained = TrainedClassifier.Load(folder["a.safetensors"]);
        Exporter.ToOnnx(trained, folder["a.onnx"]);

        OnnxContract contract = OnnxContract.Read(folder["a.onnx"]);
        Assert.Equal(Small, contract.Model);
        Assert.Equal(description.Categories, contract.Categories);
        using Ort exported = new(folder["a.onnx"]);
        Tensor logits = exported.Run(contract.Fingerprint.Image())[0];
        Assert.InRange(contract.Fingerprint.DifferenceTo(new Dictionary<string, Tensor> { ["logits"] = logits }), 0, 1e-5);
    }

    [Fact]
    public void ATrainedSegmenterIsExportedWithItsContract()
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        var (network, description) = ExportedModels.Segmenter("lraspp_mobilenet_v3_small");
        using (network) WeightFile.WriteSafetensors(folder["a.safetensors"], network.state_dict(), description.ToMetadata());
        using var trained = TrainedSegmenter.Load(folder["a.safetensors"]);
        Exporter.ToOnnx(trained, folder["a.onnx"]);

        OnnxContract contract = OnnxContract.Read(folder["a.onnx"]);
        Assert.Equal(OnnxTask.SemanticSegmentation, contract.Task);
        using Ort exported = new(folder["a.onnx"]);
        Tensor logits = exported.Run(contract.Fingerprint.Image())[0];
        Assert.InRange(contract.Fingerprint.DifferenceTo(new Dictionary<string, Tensor> { ["logits"] = logits }), 0, 1e-5);
    }

    [Fact]
    public void WeightsKeepTheirNames()
    {
        using TempFolder folder = new();
        Export(folder["a.onnx"]);
        using FileStream file = File.OpenRead(folder["a.onnx"]);
        ModelProto model = ModelProto.Parser.ParseFrom(file);
        string[] names = [.. model.Graph.Initializer.Select(tensor => tensor.Name)];
        Assert.Contains("conv1.weight", names);
        Assert.Contains("bn1.bias", names);
        Assert.Contains("linear.weight", names);
        Assert.Equal(["image"], model.Graph.Input.Select(input => input.Name));
    }

    [Fact]
    public void AnExistingFileIsReplacedOnlyIfAllowed()
    {
        using TempFolder folder = new();
        string path = folder.Write("a.onnx", "something");
        Assert.Equal($"{path} already exists; choose another file, or allow overwriting.",
            Assert.Throws<InputException>(() => Export(path)).Message);
        Assert.Equal("something", File.ReadAllText(path));
        Export(path, new() { Overwrite = true });
        Assert.Equal(Small, OnnxContract.Read(path).Model);

        string data = folder.Write("b.onnx.data", "something");
        Assert.StartsWith($"{data} already exists", Assert.Throws<InputException>(() => Export(folder["b.onnx"])).Message);
        Assert.Contains("is a folder", Assert.Throws<InputException>(() => Export(folder.Path)).Message);
    }

    [Fact]
    public void WhatCannotBeExportedLeavesNothingBehind()
    {
        using TempFolder folder = new();
        var (network, description) = ExportedModels.Classifier(Small);
        using (network)
        {
            network.train();
            LiveTensors.Unchanged(() => Assert.StartsWith("A network is exported in evaluation mode",
                Assert.Throws<ArgumentException>(() => Exporter.ToOnnx(network, description, folder["a.onnx"], new())).Message));
        }
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void ExportingLeavesNoTensorsBehind()
    {
        using TempFolder folder = new();
        var (network, description) = ExportedModels.Classifier(Small);
        using (network)
            LiveTensors.Unchanged(() => Exporter.ToOnnx(network, description, folder["a.onnx"], new() { Overwrite = true }));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void LargeWeightsGoToAFileOfTheirOwn()
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        var (network, description) = ExportedModels.Classifier(Small);
        using (network)
        {
            foreach (var (file, most) in new[] { ("inside", 1L << 30), ("outside", 1L << 10) })
            {
                using OnnxGraphBuilder graph = new(file);
                ExportedGraph.Add(graph, network, description);
                OnnxModelFile.Write(folder[$"{file}.onnx"], graph.Graph, new Dictionary<string, string>(), most);
            }
        }
        Assert.Equal(["inside.onnx", "outside.onnx", "outside.onnx.data"],
            Directory.GetFiles(folder.Path).Select(path => Path.GetFileName(path)).Order());
        Assert.True(new FileInfo(folder["outside.onnx"]).Length < new FileInfo(folder["inside.onnx"]).Length / 10);
        using Ort inside = new(folder["inside.onnx"]), outside = new(folder["outside.onnx"]);
        Tensor images = rand(2, 3, 32, 40);
        Close.To(outside.Run(images)[0], inside.Run(images)[0], 0);
    }

    private static void Export(string path, ExportOptions? options = null)
    {
        var (network, description) = ExportedModels.Classifier(Small);
        using (network) Exporter.ToOnnx(network, description, path, options ?? new());
    }
}
