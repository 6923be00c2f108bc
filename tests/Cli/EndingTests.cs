using System.Diagnostics;
using Vision.Data;
using Vision.Testing;

namespace Vision.Cli.Tests;

/// <summary>
/// What ends a command from outside, by Ctrl-C, a full disk or a reader that has left, is answered with a line at most, and leaves no
/// part of a file under its name.
/// </summary>
[Collection(TrainedModelCollection.Name)]
public sealed class EndingTests(TrainedModel trained) : IDisposable
{
    private static readonly string[] interruptible = ["env", "--default-signal=INT"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void CtrlCEndsAPrediction()
    {
        const int Count = 400;
        Copies(Count, "in");
        string[] predict = Predict("--source", folder["in"], "--json", folder["found.json"]);
        using Process process = Tool.StartThrough(interruptible, predict);
        WaitFor(process, () => File.Exists(folder["out/00001.png"]));
        Tool.Interrupt(process);
        Stopped(Tool.End(process, predict));

        Assert.Empty(Directory.GetFiles(folder.Path));
        string[] drawn = Directory.GetFiles(folder["out"]);
        Assert.InRange(drawn.Length, 1, Count - 1);
        foreach (string image in drawn) ImageFile.Read(image).Dispose();
    }

    [Fact]
    public void CtrlCEndsAConversion()
    {
        const int Count = 5000;
        Copies(Count, "data/images/train");
        string images = string.Join(", ", Enumerable.Range(1, Count).Select(id =>
            $$"""{"id": {{id}}, "file_name": "{{id:D5}}.png", "width": 64, "height": 64}"""));
        folder.Write("data/annotations/instances_train.json",
            $$"""{"images": [{{images}}], "annotations": [], "categories": [{"id": 1, "name": "circle"}]}""");
        string[] convert = ["data", "convert", "--data", folder["data"], "--to", "yolo", "--out", folder["yolo"]];
        using Process process = Tool.StartThrough(interruptible, convert);
        WaitFor(process, () => Directory.Exists(folder["yolo.partial"]));
        Tool.Interrupt(process);
        Stopped(Tool.End(process, convert));
        Assert.Equal([folder["data"]], Directory.GetDirectories(folder.Path));
    }

    [Fact]
    public void AReaderThatLeavesIsNoFault()
    {
        using Process process = Tool.StartThrough(["bash", "-c", "\"$@\" | head -1; exit ${PIPESTATUS[0]}", "bash"], "models");
        Tool.Result result = Tool.End(process, "models");
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Single(result.Output.Split('\n'), line => line.Length > 0);
    }

    [SkippableFact]
    public void AFullDiskIsNamed()
    {
        Directory.CreateDirectory(folder["small"]);
        bool isMounted = Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder["small"]) == 0;
        Requirement.Check(isMounted, "A small disk can be mounted by root alone.");
        try
        {
            // A block is left for the beginning of a file.
            folder.Write("small/full", new byte[60 << 10]);
            Copies(3, "in");
            OneLine(Tool.Run(Predict("--source", folder["in"], "--score", "0", "--json", folder["small/found.json"])));
            string[] predict = ["predict", TrainedModel.Name, "--weights", trained.Weights, "--source", folder["in"]];
            OneLine(Tool.Run([.. predict, "--out", folder["small/out"]]));
            OneLine(Tool.Run("data", "check", "--data", trained.Data, "--html", folder["small/page.html"]));
            OneLine(Tool.Run("data", "check", "--data", trained.Data, "--json", folder["small/check.json"]), mayFit: true);
            OneLine(Tool.Run("data", "convert", "--data", trained.Data, "--to", "voc", "--out", folder["small/voc"]));
            IEnumerable<string> left = Directory.EnumerateFiles(folder["small"], "*", SearchOption.AllDirectories);
            Assert.Equal([folder["small/full"]], left.Where(file => Path.GetFileName(file) != "check.json"));
            Assert.False(Directory.Exists(folder["small/voc"]));

            using Process process = Tool.StartThrough(["bash", "-c", "\"$@\" > /dev/full", "bash"], "models");
            OneLine(Tool.End(process, "models"));
        }
        finally
        {
            Run("umount", folder["small"]);
        }
    }

    private string[] Predict(params string[] more) =>
        ["predict", TrainedModel.Name, "--weights", trained.Weights, "--out", folder["out"], .. more];

    /// <summary>So many copies of an image, 00001.png and so on.</summary>
    private void Copies(int count, string place)
    {
        Directory.CreateDirectory(folder[place]);
        for (int i = 1; i <= count; i++) File.Copy(trained.Image, folder[$"{place}/{i:D5}.png"]);
    }

    private static void WaitFor(Process process, Func<bool> isThere)
    {
        while (!isThere())
        {
            Assert.False(process.HasExited, "It ended before it could be interrupted.");
            Thread.Sleep(5);
        }
    }

    private static void Stopped(Tool.Result result) =>
        Assert.Equal((130, "vision: stopped before the end\n"), (result.ExitCode, result.Errors));

    private static void OneLine(Tool.Result result, bool mayFit = false)
    {
        if (mayFit && result.ExitCode == 0) return;
        Assert.True(result.ExitCode == 2, $"Exit code {result.ExitCode}:\n{result.Errors}\n{result.Output}");
        Assert.StartsWith("vision: ", Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
