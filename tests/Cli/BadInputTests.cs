using System.IO.Compression;
using System.Text;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Cli.Tests;

/// <summary>What a user may give by mistake, and the one line that answers it.</summary>
[Collection(TrainedModelCollection.Name)]
public sealed class BadInputTests(TrainedModel trained) : IDisposable
{
    private readonly TempFolder folder = new();

    [Fact]
    public void TruncatedImage()
    {
        byte[] whole = File.ReadAllBytes(trained.Image);
        string image = folder.Write("cut.png", whole[..(whole.Length / 2)]);
        FailedWith(Predict(image), $"{image}: the image is truncated (it ends after {whole.Length / 2} bytes without its end marker); " +
            "copy it again or remove it.");
    }

    [Fact]
    public void NotAnImage()
    {
        string image = folder.Write("text.jpg", "this is text");
        FailedWith(Predict(image),
            $"{image}: not an image that can be decoded (JPEG, PNG, BMP, TIFF or WebP is expected); convert it or remove it.");
    }

    [Fact]
    public void FolderWithoutImages()
    {
        string empty = Directory.CreateDirectory(folder["empty"]).FullName;
        FailedWith(Predict(empty),
            $"{empty}: no images in this folder (looked for .jpg .jpeg .png .bmp .tif .tiff .webp); give the folder that holds them.");
    }

    [Fact]
    public void NoSuchSource() =>
        FailedWith(Predict(folder["nothing"]), $"--source {folder["nothing"]}: there is no such file or folder. Give an image, a folder " +
            "of images, a video, or a camera's number.");

    [Fact]
    public void OutputIntoTheSourcesFolder()
    {
        string source = Path.GetDirectoryName(trained.Image)!;
        FailedWith(Tool.Run("predict", TrainedModel.Name, "--weights", trained.Weights, "--source", source, "--out", source),
            $"--out {source} is the folder of --source, whose files would be replaced by annotated ones: name another folder.");
    }

    [Fact]
    public void VideoThatEndsEarly()
    {
        byte[] whole = File.ReadAllBytes(Videos.Write(folder["whole.avi"], frames: 40));
        string video = folder.Write("cut.avi", whole[..(whole.Length * 2 / 3)]);
        var result = Predict(video);
        Assert.True(result.ExitCode is 0 or 2, result.Errors);
        Assert.Contains(video, result.Errors);
        Assert.InRange(Videos.CountFrames(folder["out/cut.mp4"]), 1, 39);
    }

    [Fact]
    public void CheckpointCutShort()
    {
        byte[] whole = File.ReadAllBytes(trained.Weights);
        string weights = folder.Write("cut.safetensors", whole[..(whole.Length / 2)]);
        MistakeNaming(weights, Eval(weights), "truncated");
    }

    [Fact]
    public void CorruptPickle()
    {
        string weights = folder.Write("corrupt.pth", [0x80, 2, .. Encoding.ASCII.GetBytes("nonsense")]);
        MistakeNaming(weights, Eval(weights), "");
    }

    [Fact]
    public void HostilePickleIsNotRun()
    {
        string mark = folder["run-by-pickle"];
        string pickle = $"cposix\nsystem\n(S'touch {mark}'\ntR.";
        string weights = folder["hostile.pth"];
        using (ZipArchive zip = ZipFile.Open(weights, ZipArchiveMode.Create))
        using (Stream entry = zip.CreateEntry("archive/data.pkl", CompressionLevel.NoCompression).Open())
            entry.Write([0x80, 2, .. Encoding.ASCII.GetBytes(pickle)]);
        MistakeNaming(weights, Eval(weights), "posix.system");
        Assert.False(File.Exists(mark));
    }

    [Fact]
    public void WeightsOfAnotherModel() =>
        FailedWith(Tool.Run("eval", "fasterrcnn_resnet50_fpn", "--weights", trained.Weights, "--data", trained.Data),
            $"{trained.Weights} holds a {TrainedModel.Name}, not a fasterrcnn_resnet50_fpn: name that model.");

    [Fact]
    public void WeightsOfAClassifier()
    {
        string weights = folder["classifier.safetensors"];
        using var scope = NewDisposeScope();
        WeightFile.WriteSafetensors(weights, new Dictionary<string, Tensor> { ["fc.weight"] = zeros(10, 4), ["fc.bias"] = zeros(10) },
            new Dictionary<string, string>());
        MistakeNaming(weights, Eval(weights), "does not contain weights of a fasterrcnn_resnet18_fpn");
    }

    [Fact]
    public void XmlWithMissingFields()
    {
        string data = VocFolder("<annotation><object><name>cell</name></object></annotation>");
        var result = Train(data);
        Assert.Contains("1 object without class or box left out", result.Output + result.Errors);
    }

    [Fact]
    public void BoxOutsideTheImage()
    {
        string data = VocFolder("""
            <annotation><size><width>64</width><height>64</height><depth>3</depth></size>
            <object><name>cell</name><bndbox><xmin>200</xmin><ymin>10</ymin><xmax>240</xmax><ymax>30</ymax></bndbox></object>
            <object><name>cell</name><bndbox><xmin>10</xmin><ymin>10</ymin><xmax>30</xmax><ymax>30</ymax></bndbox></object></annotation>
            """);
        var result = Train(data);
        result.Succeeded();
        Assert.Contains("outside", result.Output);
        Assert.Contains("0.xml", result.Output);
    }

    [Fact]
    public void DataWithoutAnnotations()
    {
        string empty = Directory.CreateDirectory(folder["empty"]).FullName;
        MistakeNaming(empty, Train(empty), "no annotations found");
    }

    [Theory]
    [InlineData("--epochs", "0", "--epochs is 0; it must be 1 or more.")]
    [InlineData("--epochs", "many", "Cannot parse argument 'many' for option '--epochs'.")]
    [InlineData("--frobnicate", "1", "Unrecognized command or argument '--frobnicate'. Unrecognized command or argument '1'.")]
    public void OptionsThatMakeNoSense(string option, string value, string message) =>
        FailedWith(Tool.Run("train", TrainedModel.Name, "--data", trained.Data, option, value), $"{message} See: vision train --help");

    [Fact]
    public void WeightsThatAreNotThere() =>
        FailedWith(Eval(folder["missing.pth"]), $"There is no weights file {folder["missing.pth"]}: check the path.");

    [Fact]
    public void WeightsOfAnUnknownName() =>
        Assert.Contains("the published weights of fasterrcnn_resnet50_fpn are called coco",
            Tool.Run("eval", "fasterrcnn_resnet50_fpn", "--weights", "imagenot", "--data", trained.Data).Errors);

    public void Dispose() => folder.Dispose();

    private Tool.Result Predict(string source) =>
        Tool.Run("predict", TrainedModel.Name, "--weights", trained.Weights, "--source", source, "--out", folder["out"]);

    private Tool.Result Eval(string weights) => Tool.Run("eval", TrainedModel.Name, "--weights", weights, "--data", trained.Data);

    private Tool.Result Train(string data) =>
        Tool.Run("train", TrainedModel.Name, "--data", data, "--epochs", "1", "--min-size", "64", "--max-size", "64",
            "--out", folder["run"]);

    private static void FailedWith(Tool.Result result, string message) => result.FailedWith(message);

    private static void MistakeNaming(string file, Tool.Result result, string words)
    {
        Assert.True(result.ExitCode == 2, result.Errors);
        string line = Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(file, line);
        Assert.Contains(words, line);
    }

    /// <summary>Three images in VOC's layout, the first with the given annotation.</summary>
    private string VocFolder(string xml)
    {
        const string fine = "<annotation><object><name>cell</name>" +
            "<bndbox><xmin>5</xmin><ymin>5</ymin><xmax>40</xmax><ymax>40</ymax></bndbox></object></annotation>";
        for (int i = 0; i < 3; i++)
        {
            folder.Write($"voc/JPEGImages/{i}.png", File.ReadAllBytes(trained.Image));
            folder.Write($"voc/Annotations/{i}.xml", i == 0 ? xml : fine);
        }
        folder.Write("voc/ImageSets/Main/train.txt", "0\n1\n");
        folder.Write("voc/ImageSets/Main/val.txt", "2\n");
        return folder["voc"];
    }
}
