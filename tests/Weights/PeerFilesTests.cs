using System.Text.Json;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Weights.Tests;

/// <summary>Files that PyTorch itself wrote, and files that it reads.</summary>
public sealed class PeerFilesTests(PeerFilesTests.Files files) : IClassFixture<PeerFilesTests.Files>
{
    /// <summary>What tools/Parity/weights_files.py writes, made when the first test asks.</summary>
    public sealed class Files : IDisposable
    {
        private readonly TempFolder folder = new();
        private bool written;

        public string this[string name]
        {
            get
            {
                if (!written) Peer.Run("weights_files.py", folder.Path);
                written = true;
                return folder[name];
            }
        }

        public void Dispose() => folder.Dispose();
    }

    [SkippableTheory]
    [InlineData("zip2.pth")]
    [InlineData("zip3.pth")]
    [InlineData("zip4.pth")]
    [InlineData("zip5.pth")]
    [InlineData("legacy2.pth")]
    [InlineData("legacy3.pth")]
    [InlineData("legacy4.pth")]
    [InlineData("legacy5.pth")]
    [InlineData("checkpoint.pth")]
    public void AllDtypesAndLayoutsAreRead(string name)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> actual = WeightFile.Read(files[name]);
        Dictionary<string, Tensor> expected = WeightFile.Read(files["expected.safetensors"]);

        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (string key in expected.Keys) AssertSame(actual[key], expected[key]);
        Assert.Equal([1, 6], actual["transposed"].stride());
    }

    [SkippableFact]
    public void TensorsOnOneStorageShareIt()
    {
        using var scope = NewDisposeScope();
        foreach (string name in (string[])["zip2.pth", "legacy2.pth"])
        {
            Dictionary<string, Tensor> tensors = WeightFile.Read(files[name]);
            tensors["whole"].fill_(-1);
            Assert.Equal(-1, tensors["column"].sum().item<float>() / tensors["column"].numel());
        }
    }

    [SkippableFact]
    public void TheValuesBesideAStateDictAreItsMetadata()
    {
        var metadata = WeightFile.ReadMetadata(files["checkpoint.pth"]);
        Assert.Equal("12", metadata["epoch"]);
        Assert.Equal("resnet20", metadata["arch"]);
        Assert.Equal("91.5", metadata["best_prec1"]);
        Assert.Equal("True", metadata["done"]);
        Assert.False(metadata.ContainsKey("optimizer"));
    }

    [SkippableFact]
    public void BigEndianStoragesAreTurnedRound()
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> big = WeightFile.Read(files["big.pth"]);
        Dictionary<string, Tensor> expected = WeightFile.Read(files["expected.safetensors"]);
        foreach (string key in (string[])["float32", "int16"]) AssertSame(big[key], expected[key]);
    }

    [SkippableFact]
    public void ViewsOfStoragesAreResolved()
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = WeightFile.Read(files["views.pth"]);
        AssertSame(tensors["row"], arange(6, 12, ScalarType.Float32));
        AssertSame(tensors["next"], arange(12, 18, ScalarType.Float32));
        AssertSame(tensors["all"], arange(0, 24, ScalarType.Float32).reshape(4, 6));
    }

    [SkippableFact]
    public void WhatIsWrittenIsReadByPython()
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        Dictionary<string, Tensor> tensors = WeightFile.Read(files["zip2.pth"]);
        Dictionary<string, string> metadata = new() { ["model"] = "resnet18", ["classes"] = "[\"köpek\", \"a \\\"b\\\"\"]" };
        string path = folder["new/out.safetensors"];

        WeightFile.WriteSafetensors(path, tensors, metadata);

        string printed = Peer.Run("weights_compare.py", path, files["expected.safetensors"]);
        Assert.Equal(metadata, JsonSerializer.Deserialize<Dictionary<string, string>>(printed));
        Assert.Equal(metadata, WeightFile.ReadMetadata(path));
        Dictionary<string, Tensor> again = WeightFile.Read(path);
        foreach (string key in tensors.Keys) AssertSame(again[key], tensors[key]);
    }

    [SkippableFact]
    public void ReadingAndWritingLeaveNoTensorsBehind()
    {
        using TempFolder folder = new();
        foreach (string name in (string[])["zip2.pth", "legacy2.pth", "checkpoint.pth", "expected.safetensors"])
        {
            string path = files[name];
            LiveTensors.Unchanged(() =>
            {
                Dictionary<string, Tensor> tensors = WeightFile.Read(path);
                WeightFile.WriteSafetensors(folder["out.safetensors"], tensors, new Dictionary<string, string>());
                foreach (Tensor tensor in tensors.Values) tensor.Dispose();
            });
        }
    }

    private static void AssertSame(Tensor actual, Tensor expected)
    {
        Assert.Equal(expected.dtype, actual.dtype);
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(actual.contiguous().bytes.SequenceEqual(expected.contiguous().bytes));
    }
}
