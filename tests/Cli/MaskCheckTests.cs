using System.Text.Json.Nodes;
using OpenCvSharp;
using Vision.Testing;

namespace Vision.Cli.Tests;

/// <summary><c>vision data check</c> on masks.</summary>
public sealed class MaskCheckTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private void Add(string name, int seed, Func<int, int> value)
    {
        using Mat image = new(24, 32, MatType.CV_8UC3), mask = new(24, 32, MatType.CV_8UC1);
        byte[] noise = new byte[3 * 24 * 32];
        new Random(seed).NextBytes(noise);
        noise.CopyTo(image.AsSpan<byte>());
        for (int y = 0; y < 24; y++)
            for (int x = 0; x < 32; x++) mask.Set(y, x, (byte)value(x));
        Cv2.ImEncode(".jpg", image, out byte[] picture);
        Cv2.ImEncode(".png", mask, out byte[] values);
        folder.Write($"data/images/{name}.jpg", picture);
        folder.Write($"data/masks/{name}.png", values);
    }

    [Fact]
    public void MasksAreFoundCheckedAndShown()
    {
        folder.Write("data/classes.txt", "road 128 64 128\nsky 70 130 180\nvoid 0 0 0\n");
        Add("a", 1, x => x < 16 ? 0 : x < 28 ? 1 : 2);
        Add("b", 2, x => x < 8 ? 0 : 1);
        Tool.Result fine = Tool.Run("data", "check", "--data", folder["data"],
            "--html", folder["page.html"], "--json", folder["check.json"]);
        string output = fine.Succeeded();
        Assert.Contains("data/all: 2 images, 2 classes", output);
        Assert.Matches(@"│ road\s+│ 40\.00%\s+│ 2\s+│", output);
        Assert.Contains("6.25% of the pixels are ignored.", output);
        Assert.Contains("0 errors, 0 warnings", output);

        string page = File.ReadAllText(folder["page.html"]);
        Assert.Contains("background:#804080", page);
        Assert.Equal(2, page.Split("data:image/jpeg;base64,").Length - 1);
        Assert.DoesNotContain("://", page);
        JsonNode json = JsonNode.Parse(File.ReadAllText(folder["check.json"]))!;
        Assert.Equal((1536, 96, 0), ((int)json["pixels"]!, (int)json["ignored"]!, (int)json["errors"]!));
        Assert.Equal(("sky", 864, 0.6, 2),
            ((string)json["classes"]![1]!["name"]!, (int)json["classes"]![1]!["pixels"]!, (double)json["classes"]![1]!["share"]!,
                (int)json["classes"]![1]!["images"]!));

        Add("c", 3, _ => 9);
        Tool.Result bad = Tool.Run("data", "check", "--data", folder["data"], "--data-format", "masks", "--json", folder["check.json"],
            "--html", folder["page.html"]);
        Assert.Equal((1, ""), (bad.ExitCode, bad.Errors));
        string problem = $"{folder["data/images/c.jpg"]}: its mask {folder["data/masks/c.png"]} holds 9 (768 pixels), which is not a " +
            "class; " +
            "left out in training";
        Assert.Contains($"error: {problem}", bad.Output);
        Assert.Contains("1 error, 0 warnings", bad.Output);
        JsonNode found = Assert.Single(JsonNode.Parse(File.ReadAllText(folder["check.json"]))!["problems"]!.AsArray())!;
        Assert.Equal(("error", "UnknownValue", folder["data/images/c.jpg"]),
            ((string)found["severity"]!, (string)found["kind"]!, (string)found["file"]!));
        Assert.Contains("error: UnknownValue, 1", File.ReadAllText(folder["page.html"]));
    }

    [Fact]
    public void WhatIsCheckedCanBeSaid()
    {
        Add("a", 1, x => x % 2);
        folder.Write("data/coco.json", """
            {"images":[{"id":1,"file_name":"a.jpg"}],
             "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,1,9,9]}],
             "categories":[{"id":1,"name":"dog"}]}
            """);
        Assert.Contains("1 objects of 1 classes",
            Tool.Run("data", "check", "--data", folder["data"], "--json", folder["boxes.json"]).Succeeded());
        JsonNode json = JsonNode.Parse(File.ReadAllText(folder["boxes.json"]))!;
        Assert.Equal((1, "dog", 1), ((int)json["splits"]![0]!["objects"]!, (string)json["classes"]![0]!["name"]!,
            (int)json["classes"]![0]!["objects"]!));
        string masks = Tool.Run("data", "check", "--data", folder["data"], "--task", "semantic").Succeeded();
        Assert.Contains("class 1", masks);
        Assert.Contains("warning: " + folder["data"] + ": no file names the classes", masks);
    }

    [Fact]
    public void MistakesAreAnswered()
    {
        Add("a", 1, x => x % 2);
        Tool.Run("data", "check", "--data", folder["data"], "--model", "fasterrcnn_resnet50_fpn")
            .FailedWith(
                $"--model fasterrcnn_resnet50_fpn: anchors are compared with boxes, but {folder["data"]} is checked for pixel classes; " +
                    "leave it out.");
        Directory.CreateDirectory(folder["empty"]);
        Tool.Result empty = Tool.Run("data", "check", "--data", folder["empty"], "--task", "semantic");
        Assert.Equal(2, empty.ExitCode);
        Assert.Contains("no masks of classes found; looked for images and masks", empty.Errors);
        Assert.Contains("for segmentation masks, use --task semantic", Tool.Run("data", "check", "--data", folder["empty"]).Errors);
    }
}
