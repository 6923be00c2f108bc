using System.Text.Json;
using System.Text.RegularExpressions;
using OpenCvSharp;
using Vision.Data;
using Vision.Testing;

namespace Vision.Cli.Tests;

/// <summary>Classifiers from training to prediction, in processes as a user starts them.</summary>
public sealed class ClassifierTests : IClassFixture<ClassifierTests.Trained>
{
    private const string Model = "resnet18";

    private readonly Trained trained;

    public ClassifierTests(Trained trained) => this.trained = trained;

    /// <summary>A classifier that the command line trained on folders of plain images.</summary>
    public sealed class Trained : IDisposable
    {
        private readonly TempFolder folder = new();

        public Trained()
        {
            WriteImages(Data, "train", 12, ("blue", new(220, 60, 40)), ("green", new(60, 200, 40)), ("red", new(40, 50, 220)));
            WriteImages(Data, "val", 3, ("blue", new(220, 60, 40)), ("green", new(60, 200, 40)), ("red", new(40, 50, 220)));
            File.WriteAllText(Path.Combine(Data, "train", "red", "notes.txt"), "not an image");
            Output = Tool.Run("train", Model, "--data", Data, "--size", "32", "--epochs", "3", "--batch-size", "6",
                "--rand-augment", "5", "--random-erasing", "0.1",
                "--mixup", "0.2", "--cutmix", "1", "--label-smoothing", "0.1", "--out", Run).Succeeded();
        }

        public string Data => folder["data"];

        public string Run => folder["run"];

        public string Weights => Path.Combine(Run, "best.safetensors");

        public string Output { get; }

        public void Dispose() => folder.Dispose();
    }

    private static void WriteImages(string data, string split, int count, params (string Name, Scalar Color)[] classes)
    {
        Random random = new(count);
        foreach (var (name, color) in classes)
        {
            string place = Directory.CreateDirectory(Path.Combine(data, split, name)).FullName;
            for (int i = 0; i < count; i++)
            {
                using Mat image = new(40, 48, MatType.CV_8UC3);
                random.NextBytes(image.AsSpan<byte>());
                Cv2.Rectangle(image, new Rect(random.Next(10), random.Next(10), 30, 28), color, -1);
                Cv2.ImWrite(Path.Combine(place, $"{i}.png"), image);
            }
        }
    }

    [Fact]
    public void TrainingSaysWhatItDoesAndLeavesWeightsMetricsAndPlots()
    {
        Assert.Contains("36 images of 3 classes: blue, green, red", trained.Output);
        Assert.Contains("validating on data/val: 9 images", trained.Output);
        Assert.Contains("notes.txt", trained.Output);
        string[] files = ["best.safetensors", "last.safetensors", "metrics.csv", "metrics.jsonl", "loss.png", "confusion.png"];
        foreach (string file in files)
            Assert.True(new FileInfo(Path.Combine(trained.Run, file)) is { Exists: true, Length: > 0 }, $"There is no {file}.");
    }

    [Fact]
    public void EvalWritesAccuracies()
    {
        using TempFolder folder = new();
        Tool.Run("eval", Model, "--weights", trained.Weights, "--data", trained.Data, "--json", folder["metrics.json"]).Succeeded();
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["metrics.json"]));
        JsonElement metrics = json.RootElement.GetProperty("metrics");
        Assert.Equal(["top1", "top5", "correct", "total"], metrics.EnumerateObject().Select(metric => metric.Name));
        Assert.Equal(9, metrics.GetProperty("total").GetInt32());
        Assert.Equal(metrics.GetProperty("correct").GetInt32() / 9.0, metrics.GetProperty("top1").GetDouble());
        Assert.Equal(["0", "1", "2"], json.RootElement.GetProperty("per_category").EnumerateObject().Select(category => category.Name));
    }

    [Fact]
    public void PredictWritesTheSurestClassesAndAnnotatedImages()
    {
        using TempFolder folder = new();
        string output = Tool.Run("predict", Model, "--weights", trained.Weights, "--source", Path.Combine(trained.Data, "val", "red"),
            "--out", folder["out"], "--json", folder["found.json"]).Succeeded();
        Assert.Contains("0.png: ", output);
        JsonElement[] images = [.. JsonDocument.Parse(File.ReadAllText(folder["found.json"])).RootElement.GetProperty("images")
            .EnumerateArray()];
        Assert.Equal(3, images.Length);
        foreach (JsonElement image in images)
        {
            JsonElement[] classes = [.. image.GetProperty("classes").EnumerateArray()];
            Assert.Equal(3, classes.Length);
            Assert.Equal(1, classes.Sum(entry => entry.GetProperty("score").GetSingle()), 1e-5);
            Assert.All(classes, entry => Assert.Equal(entry.GetProperty("label").GetString(),
                ((string[])["blue", "green", "red"])[entry.GetProperty("category_id").GetInt32()]));
        }
        Assert.Equal((48, 40), ImageFile.ReadSize(folder["out/0.png"]));
    }

    [Fact]
    public void AHeatMapShowsWhereTheClassIsSeen()
    {
        using TempFolder folder = new();
        string source = folder["half.png"];
        using (Mat half = new(200, 200, MatType.CV_8UC3, new Scalar(200, 30, 30)))
        {
            half[new Rect(0, 0, 100, 200)].SetTo(new Scalar(30, 30, 200));
            Cv2.ImWrite(source, half);
        }
        string[] Arguments(string output, params string[] more) =>
            ["predict", Model, "--weights", trained.Weights, "--source", source, "--out", folder[output], "--score", "1", .. more];
        Tool.Run(Arguments("plain")).Succeeded();
        Tool.Run(Arguments("heated", "--heat-map")).Succeeded();
        using Mat plain = ImageFile.Read(folder["plain/half.png"]), heated = ImageFile.Read(folder["heated/half.png"]);
        Assert.NotEqual(plain.AsSpan<byte>().ToArray(), heated.AsSpan<byte>().ToArray());
        Tool.Run(Arguments("tracked", "--track")).FailedWith("--track is for detectors, but resnet18 is a classifier: leave it out.");
    }

    [Fact]
    public void OtherClassesGetAFreshLastLayerAndALowerRateBeforeIt()
    {
        using TempFolder folder = new();
        WriteImages(folder["data"], "train", 5, ("dark", new(10, 10, 10)), ("light", new(240, 240, 240)));
        string output = Tool.Run("train", Model, "--data", folder["data"], "--weights", trained.Weights, "--epochs", "1",
            "--backbone-lr-factor", "0.1", "--out", folder["run"]).Succeeded();
        Assert.Contains($"from {trained.Weights}, with a new fc for 2 classes (the file has 3)", output);
        Assert.Contains("images of 32×32 pixels", output);
        Assert.Contains("held out of the training images", output);
        Assert.Contains("all but the last layer frozen",
            Tool.Run("train", Model, "--data", folder["data"], "--weights", trained.Weights, "--epochs", "1", "--freeze-backbone",
                "--out", folder["frozen"]).Succeeded());
        Assert.Contains("with a new fc for 3 classes (the file has 3)",
            Tool.Run("train", Model, "--data", trained.Data, "--weights", trained.Weights, "--epochs", "1", "--fresh-head",
                "--out", folder["fresh"]).Succeeded());
    }

    [Fact]
    public void AKilledTrainingGoesOnToTheSameEnd()
    {
        using TempFolder folder = new();
        string[] Arguments(string run, params string[] more) =>
            ["train", Model, "--data", trained.Data, "--weights", trained.Weights, "--epochs", "2", "--backbone-lr-factor", "0.5",
                "--cutmix", "1", "--out", run, .. more];
        Tool.Run(Arguments(folder["whole"])).Succeeded();
        using (var process = Tool.Start(Arguments(folder["killed"])))
        {
            // After its first epoch it has a checkpoint.
            while (!File.Exists(folder["killed/last.safetensors"]) && !process.HasExited) Thread.Sleep(20);
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        Tool.Run(Arguments(folder["killed"], "--resume")).Succeeded();
        Assert.Equal(File.ReadAllBytes(folder["whole/last.safetensors"]), File.ReadAllBytes(folder["killed/last.safetensors"]));
    }

    [Theory]
    [InlineData("train", "--min-size", "64", "--min-size is for detectors and segmenters, but resnet18 is a classifier: leave it out.")]
    [InlineData("eval", "--backbone", "resnet34",
        "--backbone is for detectors and segmenters, but resnet18 is a classifier: leave it out.")]
    public void OptionsOfDetectorsAreRefused(string command, string option, string value, string message) =>
        Tool.Run(command, Model, "--weights", trained.Weights, "--data", trained.Data, option, value).FailedWith(message);

    [Fact]
    public void OptionsOfClassifiersAreRefusedForDetectors() =>
        Tool.Run("train", "fasterrcnn_resnet18_fpn", "--data", trained.Data, "--cutmix", "1")
            .FailedWith("--cutmix is for classifiers, but fasterrcnn_resnet18_fpn is a detector: leave it out.");

    [Fact]
    public void AClassifiersFileIsNoDetector() =>
        Assert.Contains("does not contain weights of a fasterrcnn_resnet18_fpn",
            Tool.Run("eval", "fasterrcnn_resnet18_fpn", "--weights", trained.Weights, "--data", trained.Data).Errors);

    [Fact]
    public void WeightsOfAnotherModelAreRefused() =>
        Tool.Run("eval", "resnet34", "--weights", trained.Weights, "--data", trained.Data)
            .FailedWith($"{trained.Weights} holds a resnet18, not a resnet34: name that model.");

    /// <summary>Published weights of CIFAR networks give the accuracies that PyTorch measures with them on these images.</summary>
    [SkippableTheory]
    [InlineData("resnet20_cifar", "resnet20-12fca82f.th", 4065)]
    [InlineData("resnet32_cifar", "resnet32-d509ac18.th", 4144)]
    [InlineData("resnet44_cifar", "resnet44-014dd654.th", 4135)]
    public void PublishedWeightsGetAsManyRightAsInPyTorch(string model, string file, int correct)
    {
        using TempFolder folder = new();
        Tool.Run("eval", model, "--weights", SharedData.Find($"weights/cifar10/{file}"), "--data", SharedData.Find("data/cifar10"),
            "--json", folder["metrics.json"]).Succeeded();
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["metrics.json"]));
        JsonElement metrics = json.RootElement.GetProperty("metrics");
        Assert.Equal(5000, metrics.GetProperty("total").GetInt32());
        // One image may stand on the border between two classes.
        Assert.InRange(metrics.GetProperty("correct").GetInt32(), correct - 1, correct + 1);
        Assert.Equal("airplane", json.RootElement.GetProperty("per_category").GetProperty("0").GetProperty("name").GetString());
    }

    [Fact]
    public void AFileThatIsNotGoodIsNotLeft()
    {
        using TempFolder folder = new();
        string images = folder["black"], file = folder["files/colors.onnx"];
        Directory.CreateDirectory(images);
        using (OpenCvSharp.Mat black = OpenCvSharp.Mat.Zeros(64, 64, OpenCvSharp.MatType.CV_8UC3))
            OpenCvSharp.Cv2.ImWrite(Path.Combine(images, "0.png"), black);
        string[] export = ["export", Model, "--weights", trained.Weights, "--out", file];

        // Whether it pays depends on the machine: the figures that were printed decide.
        Tool.Result judged = Tool.Run([.. export, "--int8", "--calibrate", images, "--verify", trained.Data]);
        Match time = Regex.Match(judged.Output, @"an image takes (\d+\.\d) ms in float32, (\d+\.\d) ms in int8");
        Match top = Regex.Match(judged.Output, @"top-1: (\d\.\d+) by float32, (\d\.\d+) by int8");
        bool isFaster = Figure(time, 2) < Figure(time, 1), isAsGood = Figure(top, 2) > Figure(top, 1) - 0.01;
        if (Figure(time, 1) != Figure(time, 2)) Assert.Equal(isFaster && isAsGood, judged.ExitCode == 0);
        Assert.Equal(judged.ExitCode == 0, File.Exists(file));
        if (judged.ExitCode == 0) File.Delete(file);
        else Assert.StartsWith($"vision: {file} is not written: with 8-bit integers, ", judged.Errors);
        Assert.Empty(Directory.GetFileSystemEntries(folder["files"]));

        Tool.Result unverified = Tool.Run([.. export, "--verify", Path.Combine(folder.Path, "files")]);
        Assert.Equal(2, unverified.ExitCode);
        Assert.StartsWith($"vision: {file} is not written: ", unverified.Errors);
        Assert.Empty(Directory.GetFileSystemEntries(folder["files"]));

        string output = Tool.Run([.. export, "--int8", "--calibrate", images]).Succeeded();
        Assert.Contains("neither its accuracy nor its time was compared with float32", output);
        Assert.Equal([file], Directory.GetFileSystemEntries(folder["files"]));

        static double Figure(Match match, int group) => double.Parse(match.Groups[group].Value);
    }

    [Fact]
    public void AnExportedFilePredictsAndIsEvaluatedLikeItsWeights()
    {
        using TempFolder folder = new();
        string file = folder["colors.onnx"], image = Path.Combine(trained.Data, "val", "red", "0.png");
        string output = Tool.Run("export", Model, "--weights", trained.Weights, "--out", file, "--verify", trained.Data).Succeeded();
        Assert.Contains("verified on 9 images", output);
        Assert.Contains("100% of the images have the same class", output);

        Tool.Run("predict", Model, "--weights", trained.Weights, "--source", image, "--out", folder["a"], "--json", folder["a.json"])
            .Succeeded();
        Tool.Run("predict", file, "--source", image, "--out", folder["b"], "--json", folder["b.json"]).Succeeded();
        Assert.Equal(Rounded(folder["a.json"]), Rounded(folder["b.json"]));
        Tool.Run("eval", Model, "--weights", trained.Weights, "--data", trained.Data, "--json", folder["a.json"]).Succeeded();
        Tool.Run("eval", file, "--data", trained.Data, "--json", folder["b.json"]).Succeeded();
        Assert.Equal(Rounded(folder["a.json"]), Rounded(folder["b.json"]));

        Tool.Run("export", Model, "--weights", trained.Weights, "--out", file).FailedWith(
            $"{file} exists: choose another name, or replace it with --overwrite.");
        Tool.Run("predict", file, "--weights", trained.Weights, "--source", image).FailedWith(
            $"--weights is for models by name, but {file} is complete: leave it out.");
        Tool.Run("predict", file, "--heat-map", "--source", image).FailedWith(
            "--heat-map looks inside the network, which an exported file does not allow: name the model and its --weights, or leave it " +
            "out.");
        Tool.Run("predict", Model, "--source", image).FailedWith(
            $"--weights is missing: a {Model} needs weights; only an exported file (.onnx) is complete.");
        Tool.Run("predict", file, "--device", "cuda", "--source", image).FailedWith(
            "--device cuda: this libtorch finds no CUDA device. Use --device cpu, or build with CUDA (README.md, \"CPU or CUDA\").");
        Tool.Run("export", Model, "--weights", trained.Weights, "--out", folder["x.onnx"], "--int8").FailedWith(
            "--int8 and --calibrate belong together: give both, or none.");

        byte[] whole = File.ReadAllBytes(file);
        string cut = folder.Write("cut.onnx", whole[..(whole.Length / 2)]);
        Tool.Result refused = Tool.Run("eval", cut, "--data", trained.Data);
        Assert.Equal(2, refused.ExitCode);
        Assert.StartsWith($"vision: {cut} is damaged", Assert.Single(refused.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));

        // Scores differ in their last digits.
        static string Rounded(string path) => System.Text.RegularExpressions.Regex.Replace(
            File.ReadAllText(path), @"\d+\.\d{4,}", number => double.Parse(number.Value).ToString("F3"));
    }
}
