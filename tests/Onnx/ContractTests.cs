using System.Text.Json.Nodes;
using Vision.Classification;
using Vision.Data;
using Vision.Onnx.Schema;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Onnx.Tests;

public sealed class ContractTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheContractIsReadAsItWasWritten()
    {
        Category person = new(1, "person") { Keypoints = ["nose", "left_eye"], Skeleton = [(0, 1)] };
        OnnxContract written = OnnxContract.Read(SmallOnnx.Segmenter(320).In(folder)) with
        {
            Categories = [person], Backbone = "resnet18", Figures = new Dictionary<string, double> { ["mIoU"] = 0.75 },
        };
        OnnxContract read = OnnxContract.FromJson(written.ToJson(), "test");

        Assert.Equal(OnnxTask.SemanticSegmentation, read.Task);
        Assert.Equal(("fcn_resnet50", "resnet18", 1), (read.Model, read.Backbone, read.Format));
        Assert.Equal([person], read.Categories);
        Assert.Equal([(0, 1)], read.Categories[0].Skeleton);
        Assert.Equal([(255, 0, 0), (0, 255, 0), (0, 0, 255)], read.Colors!);
        Assert.Equal(320, read.Input.ShorterSide);
        Assert.Equal(0.75, read.Figures!["mIoU"]);
        Assert.Equal(written.Outputs, read.Outputs);
        Assert.Equal(written.Fingerprint.Outputs[0].Values, read.Fingerprint.Outputs[0].Values);
        Assert.Equal(written.Fingerprint.Tolerance, read.Fingerprint.Tolerance);
    }

    [Fact]
    public void AFileOfWeightsBringsItsEvaluation()
    {
        ClassifierDescription trained = new() { Model = "resnet18", Categories = [new(0, "bird")], Preprocessing = new(8, 8) };
        Dictionary<string, string> metadata = new(trained.ToMetadata()) { ["metrics"] = """{"top1":0.5,"total":8}""" };
        OnnxFingerprint fingerprint = OnnxContract.Read(SmallOnnx.Classifier().In(folder)).Fingerprint;

        ClassifierDescription read = ClassifierDescription.FromMetadata(metadata, "test")!;
        Assert.Equal(0.5, ContractOf.Classifier(read, fingerprint).Figures!["top1"]);
        Assert.Null(ContractOf.Classifier(trained, fingerprint).Figures);
    }

    [Fact]
    public void TheContractIsPlainJsonForAnyLanguage()
    {
        JsonNode json = JsonNode.Parse(OnnxContract.Read(SmallOnnx.Classifier().In(folder)).ToJson())!;

        Assert.Equal("classification", json["task"]!.GetValue<string>());
        Assert.Equal("[N, 3, 8, 8]", json["input"]!["shape"]!.GetValue<string>());
        Assert.Equal("bilinear", json["input"]!["preprocessing"]!["interpolation"]!.GetValue<string>());
        Assert.Equal(9, json["categories"]![2]!["id"]!.GetValue<int>());
        string values = json["fingerprint"]!["outputs"]![0]!["values"]!.GetValue<string>();
        Assert.Equal(3 * sizeof(float), Convert.FromBase64String(values).Length);
    }

    [Fact]
    public void TheContractOfADetectorNamesItsOutputs()
    {
        OnnxContract masks = OnnxContract.Read(SmallOnnx.Detector("maskrcnn_resnet50_fpn").In(folder));
        Assert.Equal(OnnxTask.InstanceSegmentation, masks.Task);
        Assert.Equal(["boxes", "scores", "labels", "masks"], masks.Outputs.Select(output => output.Name));
    }

    [Fact]
    public void TheImageOfAFingerprintFollowsItsFormula()
    {
        OnnxFingerprint fingerprint = new() { Seed = 7, Height = 3, Width = 5, Block = 2, Outputs = [], Tolerance = 1 };
        using Tensor image = fingerprint.Image();

        // 7 · 1664525 + 1013904223 = 1025555898 = 61 · 2²⁴ + …; the next state, mod 2³², is 3288541057 = 196 · 2²⁴ + ….
        Assert.Equal([1, 3, 3, 5], image.shape);
        Assert.Equal(61 / 255f, image[0, 0, 1, 1].item<float>());
        Assert.Equal(unchecked((1025555898u * 1664525u + 1013904223u) >> 24) / 255f, image[0, 0, 0, 2].item<float>());
        Assert.Equal(image[0, 0, 0, 2].item<float>(), image[0, 0, 1, 3].item<float>());
        Assert.NotEqual(image[0, 0, 0, 4].item<float>(), image[0, 0, 0, 3].item<float>());
    }

    [Fact]
    public void AFingerprintMeasuresTheLargestDifference()
    {
        using var scope = NewDisposeScope();
        OnnxExpected expected = OnnxExpected.Of("boxes", tensor(new float[] { 1, 200, 3, 4, 5, 6 }, [2, 3]), atMost: 5);

        Assert.Equal(0.01, expected.DifferenceTo(tensor(new float[] { 3, 200, 3, 4, 5, 1000 }, [2, 3])), 1e-9);
        Assert.Equal(double.PositiveInfinity, expected.DifferenceTo(tensor(new float[] { 1, 200, 3, 4, 5, 6 }, [3, 2])));
        Assert.Equal(double.PositiveInfinity, expected.DifferenceTo(tensor(new float[] { float.NaN, 200, 3, 4, 5, 6 }, [2, 3])));
    }

    [Theory]
    [InlineData("\"format\":1", "\"format\":2", "newer version of the toolkit (contract 2; this one reads up to 1)")]
    [InlineData("\"format\":1,", "", "damaged")]
    [InlineData("\"task\":\"classification\"", "\"task\":\"telepathy\"", "damaged")]
    [InlineData("\"crop\":8", "\"crop\":-8", "the size of its input is out of range")]
    [InlineData("\"height\":8", "\"height\":100000000", "its fingerprint is out of range")]
    [InlineData("\"name\":\"logits\"", "\"name\":\"scores\"", "it has no output logits")]
    [InlineData("\"model\":\"resnet18\"", "\"model\":null", "damaged")]
    public void ADamagedContractIsRefused(string written, string found, string message)
    {
        ModelProto model = SmallOnnx.Classifier();
        StringStringEntryProto entry = model.MetadataProps[0];
        Assert.Contains(written, entry.Value);
        entry.Value = entry.Value.Replace(written, found);
        string path = model.In(folder);

        string refusal = Assert.Throws<InputException>(() => OnnxContract.Read(path)).Message;
        Assert.StartsWith(path, refusal);
        Assert.Contains(message, refusal);
        Assert.DoesNotContain('\n', refusal);
    }
}
