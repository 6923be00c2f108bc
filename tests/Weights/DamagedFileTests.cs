using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Vision.Testing;
using static TorchSharp.torch;
using static Vision.Weights.Tests.TorchFiles;

namespace Vision.Weights.Tests;

/// <summary>Files that are no weights, or not whole.</summary>
public sealed class DamagedFileTests
{
    private const string Legacy = "legacy";
    private const string Safetensors = "safetensors";

    [Theory]
    [InlineData("", "it is empty; download it again")]
    [InlineData("\ufeff\n<!DOCTYPE html><html>",
        "it is a web page, not weights: the download returned a page; open its URL in a browser and save the file itself")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00",
        "it is a pointer of Git LFS, not the weights; run 'git lfs pull' in its repository")]
    [InlineData("hello, I am a text", "it is neither PyTorch's .pth nor safetensors; use a file in one of these formats")]
    public void WhatPeopleHaveInsteadOfWeightsIsNamed(string content, string reason)
    {
        using TempFolder folder = new();
        string path = folder.Write("resnet50.pth", content);
        WeightsException error = Assert.Throws<WeightsException>(() => WeightFile.Read(path));
        Assert.Equal($"{path} cannot be used: {reason}", error.Message);
    }

    [Fact]
    public void MissingFilesAndFoldersAreNamed()
    {
        using TempFolder folder = new();
        Assert.Equal($"{folder["a.pth"]}: there is no such weights file",
            Assert.Throws<WeightsException>(() => WeightFile.Read(folder["a.pth"])).Message);
        Assert.Equal($"{folder.Path} is a folder; pass the weights file in it",
            Assert.Throws<WeightsException>(() => WeightFile.Read(folder.Path)).Message);
    }

    [Fact]
    public void PicklesAndZipsOfOtherKindsAreNamed()
    {
        using TempFolder folder = new();
        string pickle = folder.Write("a.pkl", Pickled("\u0080\u0002}."));
        Assert.Equal(
            $"{pickle} cannot be used: it is a pickle, but not one of torch.save; save the weights with torch.save(model.state_dict(), " +
            "file)",
            Assert.Throws<WeightsException>(() => WeightFile.Read(pickle)).Message);

        string list = folder.Write("list.pth", Zip(Pickled("\u0080\u0002].")));
        Assert.Equal($"{list} cannot be used: it contains no dict of tensors; save the weights with torch.save(model.state_dict(), file)",
            Assert.Throws<WeightsException>(() => WeightFile.Read(list)).Message);

        string other = folder.Write("other.pth", Zip(Pickled("\u0080\u0002}(" + Text("epoch") + "K\u0001" + Text("config") + "}u.")));
        Assert.Equal(
            $"{other} cannot be used: it contains no state dict: it has 'epoch', 'config'; save the weights with " +
            "torch.save(model.state_dict(), file)",
            Assert.Throws<WeightsException>(() => WeightFile.Read(other)).Message);

        string script = folder.Write("script.pt", Zip(Pickled("\u0080\u0002}."), ("constants.pkl", Pickled("\u0080\u0002)."))));
        Assert.StartsWith($"{script} cannot be used: it is a TorchScript program;",
            Assert.Throws<WeightsException>(() => WeightFile.Read(script)).Message);

        using (ZipArchive archive = ZipFile.Open(folder["images.zip"], ZipArchiveMode.Create)) archive.CreateEntry("cat.jpg");
        Assert.StartsWith($"{folder["images.zip"]} cannot be used: it is a zip file, but not one of torch.save",
            Assert.Throws<WeightsException>(() => WeightFile.Read(folder["images.zip"])).Message);
    }

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "the offsets of 'a' do not match its shape [2]")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "the offsets of 'a' do not match its shape [-1]")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}", 0,
        "the offsets of 'a' do not match its shape [4611686018427387904, 4]")]
    [InlineData("{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1,
        "'a' has dtype F8_E4M3, which is not supported; convert it to F32, F16 or BF16")]
    [InlineData(
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}", 3,
        "'b' begins at 1; expected 2: tensors overlap or leave a gap")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}", 3,
        "'a' begins at 1; expected 0: tensors overlap or leave a gap")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 3, "1 bytes follow the last tensor")]
    public void SafetensorsThatContradictThemselvesAreNamed(string header, int bytes, string reason)
    {
        using TempFolder folder = new();
        string path = folder.Write("a.safetensors",
            [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[bytes]]);
        WeightsException error = Assert.Throws<WeightsException>(() => WeightFile.Read(path));
        Assert.Equal($"{path} cannot be used: {reason}", error.Message);
    }

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[2]}}")]
    [InlineData("{\"a\":{\"dtype\":8,\"shape\":[2],\"data_offsets\":[0,2]}}")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"__metadata__\":{\"a\":1}}")]
    [InlineData(
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}")]
    [InlineData("{ no json")]
    public void HeadersThatAreNotSafetensorsAreNamed(string header)
    {
        using TempFolder folder = new();
        string path = folder.Write("a.safetensors", [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header)]);
        WeightsException error = Assert.Throws<WeightsException>(() => WeightFile.Read(path));
        Assert.StartsWith($"{path} cannot be used: its header does not follow the safetensors format (", error.Message);
    }

    [Fact]
    public void ACompressedEntryIsNamed()
    {
        using TempFolder folder = new();
        using (ZipArchive archive = ZipFile.Open(folder["a.pth"], ZipArchiveMode.Create))
        using (StreamWriter entry = new(archive.CreateEntry("archive/data.pkl", CompressionLevel.Optimal).Open()))
            entry.Write(new string('N', 100_000));
        Assert.Equal(
            $"{folder["a.pth"]} cannot be used: its entry 'data.pkl' is compressed, which torch.save does not do; load and save it once " +
            "in Python",
            Assert.Throws<WeightsException>(() => WeightFile.Read(folder["a.pth"])).Message);
    }

    [Theory]
    [InlineData("zip")]
    [InlineData(Legacy)]
    [InlineData(Safetensors)]
    public void EveryTruncationIsReported(string format)
    {
        using TempFolder folder = new();
        byte[] whole = Make(format, folder);
        LiveTensors.Unchanged(() =>
        {
            for (int length = 0; length < whole.Length; length += 3)
            {
                string path = folder.Write("cut.pth", whole.AsSpan(0, length));
                WeightsException error = Assert.Throws<WeightsException>(() => WeightFile.Read(path));
                Assert.StartsWith(path, error.Message);
                Assert.DoesNotContain('\n', error.Message);
            }
        });
        // A download that broke off.
        string half = folder.Write("half.pth", whole.AsSpan(0, whole.Length - 10));
        string message = Assert.Throws<WeightsException>(() => WeightFile.Read(half)).Message;
        Assert.Contains("truncated", message);
    }

    [Theory]
    [InlineData("zip")]
    [InlineData(Legacy)]
    [InlineData(Safetensors)]
    public void RandomDamageIsReportedOrHarmless(string format)
    {
        using TempFolder folder = new();
        byte[] whole = Make(format, folder);
        Random random = new(1);
        Stopwatch clock = Stopwatch.StartNew();
        int reported = 0;
        for (int trial = 0; trial < 1500; trial++)
        {
            byte[] damaged = [.. whole];
            for (int n = random.Next(1, 4); n > 0; n--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            string path = folder.Write("damaged.pth", damaged);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                foreach (Tensor tensor in WeightFile.Read(path).Values) tensor.Dispose();
            }
            catch (WeightsException)
            {
                reported++;
            }
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - allocated < 4 << 20, $"trial {trial} took too much memory");
        }
        Assert.InRange(reported, 100, 1500);
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void AFailedWriteLeavesTheOldFile()
    {
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        string path = folder["a.safetensors"];
        WeightFile.WriteSafetensors(path, new Dictionary<string, Tensor> { ["a"] = ones(2) }, new Dictionary<string, string>());
        byte[] before = File.ReadAllBytes(path);

        Assert.Throws<InvalidTimeZoneException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100]);
            throw new InvalidTimeZoneException();
        }));
        WeightsException error = Assert.Throws<WeightsException>(() =>
            WeightFile.WriteSafetensors(path, new Dictionary<string, Tensor> { ["__metadata__"] = ones(2) },
                new Dictionary<string, string>()));
        Assert.Equal($"{path} cannot be written: a tensor cannot be called '__metadata__'; give it another name", error.Message);

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void BigFilesAreReadWithoutASecondCopy()
    {
        using TempFolder folder = new();
        float[] values = new float[4 << 20];
        foreach (byte[] content in (byte[][])[ZipOf(("a", values)), LegacyOf(("a", values))])
        {
            string path = folder.Write("a.pth", content);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            WeightFile.Read(path)["a"].Dispose();
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 1 << 20);
        }
    }

    private static byte[] Make(string format, TempFolder folder)
    {
        (string, float[])[] tensors = [("conv1.weight", [1, 2, 3, 4]), ("bn1.weight", [5, 6]), ("bn1.bias", [7])];
        if (format == "zip") return ZipOf(tensors);
        if (format == Legacy) return LegacyOf(tensors);
        using var scope = NewDisposeScope();
        string path = folder["whole.safetensors"];
        WeightFile.WriteSafetensors(path, tensors.ToDictionary(t => t.Item1, t => tensor(t.Item2)),
            new Dictionary<string, string> { ["model"] = "resnet18" });
        return File.ReadAllBytes(path);
    }
}
