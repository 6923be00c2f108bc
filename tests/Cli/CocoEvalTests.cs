using System.Text.Json;
using Vision.Testing;

namespace Vision.Cli.Tests;

public class CocoEvalTests
{
    private const string Truth = """
        {"images": [{"id": 1, "width": 100, "height": 100, "file_name": "a.png"}],
         "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [10, 10, 40, 40], "area": 1600, "iscrowd": 0}],
         "categories": [{"id": 7, "name": "cat"}]}
        """;

    [Fact]
    public void WritesTheTwelveFiguresAndEachCategory()
    {
        using TempFolder folder = new();
        string truth = folder.Write("gt.json", Truth);
        string results = folder.Write("dt.json", """[{"image_id": 1, "category_id": 7, "bbox": [10, 10, 40, 40], "score": 0.9}]""");
        string output = Tool.Run("coco-eval", "--gt", truth, "--dt", results, "--iou-type", "bbox", "--json", folder["out.json"])
            .Succeeded();
        Assert.Contains("no ground truth in 'large'", output);

        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["out.json"]));
        JsonElement metrics = json.RootElement.GetProperty("metrics");
        Assert.Equal(["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"],
            metrics.EnumerateObject().Select(figure => figure.Name));
        Assert.Equal(1, metrics.GetProperty("AP").GetDouble(), 9);
        Assert.Equal(-1, metrics.GetProperty("APl").GetDouble());
        Assert.Equal("cat", json.RootElement.GetProperty("per_category").GetProperty("7").GetProperty("name").GetString());
    }

    [SkippableTheory]
    [InlineData("bbox_small", "bbox")]
    [InlineData("segm", "segm")]
    [InlineData("keypoints", "keypoints")]
    public void EqualsPycocotools(string name, string kind)
    {
        string golden = SharedData.Find("golden/cocoeval");
        using TempFolder folder = new();
        Tool.Run("coco-eval", "--gt", Path.Combine(golden, $"{name}.gt.json"), "--dt", Path.Combine(golden, $"{name}.dt.json"),
            "--iou-type", kind, "--json", folder["out.json"]).Succeeded();
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["out.json"]));
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(golden, $"{name}.expected.json")));
        double[] ours = [.. json.RootElement.GetProperty("metrics").EnumerateObject().Select(figure => figure.Value.GetDouble())];
        double[] theirs = [.. expected.RootElement.GetProperty("stats").EnumerateArray().Select(figure => figure.GetDouble())];
        Assert.Equal(theirs.Length, ours.Length);
        for (int i = 0; i < ours.Length; i++) Assert.Equal(theirs[i], ours[i], 1e-9);
    }

    [Theory]
    [InlineData("bbox", "0.1,0.1", "--sigmas is for --iou-type keypoints; leave it out for bbox.")]
    [InlineData("keypoints", "0.1,x", "--sigmas has 'x'; expected numbers above 0 separated by commas, such as 0.026,0.025.")]
    public void SigmasAreNumbersForKeypoints(string kind, string sigmas, string message)
    {
        using TempFolder folder = new();
        string truth = folder.Write("gt.json", Truth), results = folder.Write("dt.json", "[]");
        Tool.Run("coco-eval", "--gt", truth, "--dt", results, "--iou-type", kind, "--sigmas", sigmas).FailedWith(message);
    }

    [Fact]
    public void ResultsThatAreNoListAreAMistake()
    {
        using TempFolder folder = new();
        string truth = folder.Write("gt.json", Truth), results = folder.Write("dt.json", Truth);
        var result = Tool.Run("coco-eval", "--gt", truth, "--dt", results);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(results, result.Errors);
        Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
