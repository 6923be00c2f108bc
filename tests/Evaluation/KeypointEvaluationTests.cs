using Vision.Data;
using Vision.Testing;

namespace Vision.Evaluation.Tests;

public class KeypointEvaluationTests
{
    private static readonly Keypoint[] points = [new(10, 20, 2), new(40, 30, 1), new(0, 0, 0)];

    [Fact]
    public void Similarity_falls_with_the_distance_over_the_objects_size()
    {
        // One labeled point off by 2σ√area: exp(-1/2) = 0.607, so that thresholds .5, .55 and .6 are passed.
        double sigma = 1.0 / 3, area = 900;
        float off = (float)(2 * sigma * Math.Sqrt(area));
        CocoMetrics metrics = Evaluate([new(10, 20, 2), default, default], [new(10 + off, 20, 1), new(77, 77, 1), new(99, 99, 1)], area);

        Assert.Equal(0.3, metrics.AP, 12);
        Assert.Equal((1, 0), (Math.Round(metrics.AP50, 12), metrics.AP75));
        Assert.Equal(1, metrics["AR50"], 12);
    }

    [Fact]
    public void Points_that_are_not_annotated_may_be_anywhere()
    {
        CocoMetrics metrics = Evaluate(points, [new(10, 20, 1), new(40, 30, 1), new(500, 500, 1)], 2000);

        Assert.Equal(1, metrics.AP, 12);
        Assert.Equal(["AP", "AP50", "AP75", "APm", "APl", "AR", "AR50", "AR75", "ARm", "ARl"],
            metrics.Results.Select(result => result.Figure.Name));
        Assert.Equal("no ground truth in 'large'", metrics.Results.Single(result => result.Figure.Name == "APl").WhyMissing);
        Assert.Contains(metrics.Notes, note => note.Contains("each is taken as 1/3"));
        Assert.Equal("precision, OKS 0.50, all sizes, 20 detections", metrics.Results[1].Figure.Description);
    }

    [Fact]
    public void An_object_without_labeled_points_is_neither_missed_nor_a_mistake()
    {
        CocoMetrics metrics = Evaluate([default, default, default], [new(10, 20, 1), new(40, 30, 1), new(20, 20, 1)], 2000);

        Assert.All(metrics.Results, result => Assert.Equal((-1, "no ground truth"), (result.Value, result.WhyMissing)));
    }

    [Fact]
    public void Other_numbers_of_points_than_the_ground_truths_are_refused()
    {
        Assert.Contains("The detector predicts 2 keypoints, but the ground truth has 3",
            Assert.Throws<InputException>(() => Evaluate(points, points[..2], 100)).Message);
    }

    [Fact]
    public void Files_may_have_any_number_of_points_and_sigmas_for_them()
    {
        const string Truth = """
            {"images": [{"id": 1}], "categories": [{"id": 1, "name": "hand"}],
             "annotations": [{"id": 5, "image_id": 1, "category_id": 1, "bbox": [0, 0, 50, 50], "area": 2500,
                              "keypoints": [10, 10, 2, 40, 40, 2], "num_keypoints": 2}]}
            """;
        const string Found = """[{"image_id": 1, "category_id": 1, "keypoints": [10, 10, 0.9, 40, 40, 0.8], "score": 0.5}]""";
        using TempFolder folder = new();
        string truth = folder.Write("gt.json", Truth), found = folder.Write("dt.json", Found),
            shifted = folder.Write("shifted.json", Found.Replace("40, 40", "50, 40"));

        Assert.Equal(1, Evaluate(truth, found, null).AP, 12);
        Assert.Equal(1, Evaluate(truth, shifted, null).AP50, 12);
        // So strict on the second point that it counts as 0: a similarity of 0.5 all in all.
        Assert.Equal(0.1, Evaluate(truth, shifted, [0.1, 0.0001]).AP, 12);
        Assert.Empty(Evaluate(truth, found, [0.1, 0.1]).Notes);
        Assert.Equal($"{truth}: annotation 5: it has 6 numbers in 'keypoints'; expected 9, three for each of 3 points.",
            Assert.Throws<InputException>(() => Evaluate(truth, found, [0.1, 0.1, 0.1])).Message);
        Assert.Equal($"{found}: detection 0 has no 'bbox'.",
            Assert.Throws<InputException>(() => CocoFiles.ReadBoxes(truth, found)).Message);
        string masks = folder.Write("m.json",
            Truth.Replace("\"keypoints\"", "\"segmentation\": [[1, 1, 9, 1, 9, 9]], \"keypoints\""));
        Assert.Equal($"{found}: detection 0 has no 'segmentation'.",
            Assert.Throws<InputException>(() => CocoFiles.ReadMasks(masks, found)).Message);
    }

    private static CocoMetrics Evaluate(string truth, string found, double[]? sigmas) =>
        CocoEvaluator.Evaluate(CocoFiles.ReadKeypoints(truth, found, sigmas), CocoRules.Keypoints);

    private static CocoMetrics Evaluate(Keypoint[] truth, Keypoint[] found, double area)
    {
        DetectionResults results = new([new(1, "person")]);
        Box box = new(0, 0, 50, 50);
        results.Add(
            new() { ImageId = 1, File = "1.jpg", Width = 600, Height = 600,
                Objects = [new() { Id = 1, Box = box, Label = 1, Area = area, Keypoints = truth }] },
            new() { Boxes = [box], Labels = [1], Scores = [0.9f], Keypoints = [found] });
        DetectionMetrics metrics = results.Evaluate();
        Assert.Same(metrics.Keypoints, metrics.Main);
        return metrics.Main;
    }
}
