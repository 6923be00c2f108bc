using System.Text.Json;
using Vision.Testing;

namespace Vision.Evaluation.Tests;

/// <summary>pycocotools' figures, made once and kept beside the checkout.</summary>
public class GoldenTests
{
    [SkippableTheory]
    [InlineData("bbox")]
    [InlineData("bbox_overflow")]
    [InlineData("bbox_small")]
    [InlineData("segm")]
    [InlineData("keypoints")]
    public void Equals_pycocotools(string name)
    {
        string Path(string kind) => SharedData.Find($"golden/cocoeval/{name}.{kind}.json");

        CocoMetrics metrics = name switch
        {
            "segm" => CocoEvaluator.Evaluate(CocoFiles.ReadMasks(Path("gt"), Path("dt")), CocoRules.Boxes),
            "keypoints" => CocoEvaluator.Evaluate(CocoFiles.ReadKeypoints(Path("gt"), Path("dt")), CocoRules.Keypoints),
            _ => CocoEvaluator.Evaluate(CocoFiles.ReadBoxes(Path("gt"), Path("dt")), CocoRules.Boxes),
        };

        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path("expected")));
        double[] stats = [.. expected.RootElement.GetProperty("stats").EnumerateArray().Select(value => value.GetDouble())];
        Assert.Equal(stats.Length, metrics.Results.Count);
        foreach (var (result, value) in metrics.Results.Zip(stats))
            Assert.True(Math.Abs(result.Value - value) < 1e-9, $"{result.Figure.Name} is {result.Value:R}, pycocotools gives {value:R}");

        JsonElement perCategory = expected.RootElement.GetProperty("per_category_AP");
        Assert.Equal(perCategory.EnumerateObject().Count(), metrics.PerCategory.Count);
        foreach (CategoryMetrics category in metrics.PerCategory)
        {
            double value = perCategory.GetProperty(category.Category.Id.ToString()).GetDouble();
            Assert.True(Math.Abs(category.AP - value) < 1e-9,
                $"AP of {category.Category.Name} is {category.AP:R}, pycocotools gives {value:R}");
        }
    }
}
