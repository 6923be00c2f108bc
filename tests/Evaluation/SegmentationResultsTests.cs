using System.Text.Json.Nodes;
using Vision.Data;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Evaluation.Tests;

public class SegmentationResultsTests
{
    private static readonly Category[] categories = [new(0, "road"), new(1, "car"), new(2, "sky"), new(7, "tree")];

    [Fact]
    public void Counts_pixels_by_hand()
    {
        SegmentationMetrics metrics = Metrics(
            ["0001", "0011", "2222"],
            ["0011", "0011", "022-"]);

        Assert.Equal(new long[,] { { 4, 0, 1, 0 }, { 1, 3, 0, 0 }, { 0, 0, 2, 0 }, { 0, 0, 0, 0 } }, metrics.Confusion);
        Assert.Equal(11, metrics.Total);
        Assert.Equal(9.0 / 11, metrics.PixelAccuracy);
        Assert.Equal([4.0 / 6, 3.0 / 4, 2.0 / 3, -1], Each(metrics.IouOf));
        Assert.Equal([4.0 / 5, 3.0 / 4, 1, -1], Each(metrics.AccuracyOf));
        Assert.Equal([5.0 / 11, 4.0 / 11, 2.0 / 11, 0], Each(metrics.ShareOf));
        Assert.Equal((4.0 / 6 + 3.0 / 4 + 2.0 / 3) / 3, metrics.MeanIou, 1e-15);
        Assert.Equal((4.0 / 5 + 3.0 / 4 + 1) / 3, metrics.MeanAccuracy, 1e-15);
        Assert.Equal((5 * 4.0 / 6 + 4 * 3.0 / 4 + 2 * 2.0 / 3) / 11, metrics.FrequencyWeightedIou, 1e-15);
    }

    [Fact]
    public void Images_are_added_up_by_their_pixels()
    {
        SegmentationResults results = new(categories);
        results.Add(Map("01"), Map("00"));
        results.Add(Map("0000", "0000"), Map("0000", "000-"));
        SegmentationMetrics metrics = results.Metrics([]);
        Assert.Equal((8, 1, 9), (metrics.Confusion[0, 0], metrics.Confusion[0, 1], metrics.Total));
        Assert.Equal(8.0 / 9, metrics.IouOf(0));
        Assert.Equal(0, results.Metrics([]).IouOf(1));
    }

    [Fact]
    public void Absent_classes_say_why()
    {
        SegmentationMetrics metrics = Metrics(["0010", "0000"], ["0000", "0000"]);

        Assert.Equal((0, -1), (metrics.IouOf(1), metrics.AccuracyOf(1)));
        Assert.Equal(7.0 / 8 / 2, metrics.MeanIou);
        Assert.Equal(7.0 / 8, metrics.MeanAccuracy);
        Assert.Null(metrics.AbsenceOf(0));
        Assert.Contains("not in the ground truth", metrics.AbsenceOf(1));
        Assert.Contains("neither in the ground truth nor predicted", metrics.AbsenceOf(2));
        Assert.Contains("without a border", Metrics(["00"], ["00"]).AbsenceOf(0));
    }

    [Fact]
    public void Without_pixels_there_are_no_figures()
    {
        SegmentationMetrics metrics = Metrics(["00"], ["--"]);
        Assert.Equal([-1, -1, -1, -1, -1], Figures(metrics));
        Assert.Equal([-1, -1, -1, -1, -1], Figures(new SegmentationResults(categories).Metrics([])));
        Assert.Equal(-1, (double)metrics.ToJson()["metrics"]!["mIoU"]!);
    }

    [Fact]
    public void Borders_within_the_tolerance_agree()
    {
        // Two halves of a 12×5 image, whose diagonal is 13. The predicted border is 2 columns too far to the right.
        string[] truth = [.. Enumerable.Repeat("000000111111", 5)], predicted = [.. Enumerable.Repeat("000000001111", 5)];
        Assert.Equal([1, 1, -1, -1], Metrics(predicted, truth, 2.01 / 13).BoundaryFPerClass);
        Assert.Equal([0, 0, -1, -1], Metrics(predicted, truth, 1.99 / 13).BoundaryFPerClass);
        Assert.Equal(0, Metrics(predicted, truth).BoundaryF);
        Assert.Equal(1, Metrics(truth, truth, 0).BoundaryF);
    }

    [Fact]
    public void The_boundary_score_balances_precision_and_recall()
    {
        // A true border of 4 pixels a side, of which half are predicted, and a speck whose 4 neighbors are a border of class 0, too.
        string[] truth = ["0001111", "0001111", "0001111", "0001111"], predicted = ["0001111", "0001111", "0000000", "0000010"];
        SegmentationMetrics metrics = Metrics(predicted, truth, 0);
        // Class 0 borders at (2, 0), (2, 1), (3..6, 2), (4, 3), (6, 3), where the truth has (2, 0..3).
        Assert.Equal(2 * (2.0 / 8) * (2.0 / 4) / (2.0 / 8 + 2.0 / 4), metrics.BoundaryFPerClass[0], 1e-15);
        // Class 1 at (3, 0), (3..6, 1), (5, 3), where the truth has (3, 0..3).
        Assert.Equal(2 * (2.0 / 6) * (2.0 / 4) / (2.0 / 6 + 2.0 / 4), metrics.BoundaryFPerClass[1], 1e-15);
    }

    [Fact]
    public void Boundary_scores_are_means_over_the_images_that_have_a_border_of_the_class()
    {
        SegmentationResults results = new(categories, 0);
        results.Add(Map("0011"), Map("0011"));
        results.Add(Map("0000"), Map("0000"));
        results.Add(Map("0000"), Map("0022"));
        SegmentationMetrics metrics = results.Metrics([]);
        Assert.Equal([0.5, 1, 0, -1], metrics.BoundaryFPerClass);
        Assert.Equal(0.5, metrics.BoundaryF);
    }

    [Fact]
    public void What_the_truth_ignores_is_neither_counted_nor_a_border()
    {
        // The prediction has an unknown class where it does not count.
        SegmentationMetrics metrics = Metrics(["00911", "00911"], ["00-11", "00-11"]);
        Assert.Equal((8, 1.0), (metrics.Total, metrics.PixelAccuracy));
        Assert.Equal([-1, -1, -1, -1], metrics.BoundaryFPerClass);
    }

    [Fact]
    public void What_cannot_be_compared_is_named()
    {
        SegmentationResults results = new(categories);
        Assert.Contains("2×1 pixels and the truth 1×2",
            Assert.Throws<ArgumentException>(() => results.Add(Map("00"), Map("0", "0"))).Message);
        Assert.Contains("The prediction has class 4 at (1, 0)",
            Assert.Throws<ArgumentException>(() => results.Add(Map("04"), Map("00"))).Message);
        Assert.Contains("The prediction has class 255", Assert.Throws<ArgumentException>(() => results.Add(Map("0-"), Map("00"))).Message);
        Assert.Contains("The truth has class 9 at (0, 1)",
            Assert.Throws<ArgumentException>(() => results.Add(Map("0", "0"), Map("0", "9"))).Message);
        Assert.Equal(0, results.Metrics([]).Total);
        Assert.Throws<ArgumentException>(() => new SegmentationResults(categories, -0.1));
        Assert.Throws<ArgumentException>(() => new SegmentationResults([.. Enumerable.Range(0, 256).Select(i => new Category(i, $"{i}"))]));
    }

    [SkippableFact]
    public void Figures_are_those_of_numpy_and_of_an_exact_distance_transform()
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        Peer.Run("segmentation_metrics.py", folder["out.pth"]);
        Dictionary<string, Tensor> cases = WeightFile.Read(folder["out.pth"]);
        for (int c = 0; c < 5; c++)
        {
            int classes = (int)cases[$"{c}.confusion"].shape[0];
            SegmentationResults results =
                new([.. Enumerable.Range(0, classes).Select(i => new Category(i, $"class {i}"))], cases[$"{c}.fraction"].item<double>());
            int images = 0;
            for (; cases.ContainsKey($"{c}.{images}.truth"); images++)
                results.Add(Map(cases[$"{c}.{images}.predicted"]), Map(cases[$"{c}.{images}.truth"]));
            Assert.True(images > 0);
            SegmentationMetrics metrics = results.Metrics([]);
            Assert.Equal(cases[$"{c}.confusion"].data<long>().ToArray(), metrics.Confusion.Cast<long>());
            Same(cases[$"{c}.iou"], Enumerable.Range(0, classes).Select(metrics.IouOf));
            Same(cases[$"{c}.boundary"], metrics.BoundaryFPerClass);
            Same(cases[$"{c}.figures"], Figures(metrics));
        }

        // The peer's NaN is our −1.
        static void Same(Tensor expected, IEnumerable<double> actual) =>
            Close.To(tensor(actual.ToArray()), expected.nan_to_num(-1), 1e-12);
    }

    [Fact]
    public void Json_holds_the_figures_by_name()
    {
        SegmentationResults results = new([.. categories, new(9, "tree")]);
        results.Add(Map("0011", "0033"), Map("0001", "0044"));
        SegmentationMetrics metrics = results.Metrics(["a note"]);
        JsonNode json = JsonNode.Parse(metrics.ToJson().ToJsonString())!;

        Assert.Equal(["mIoU", "pixel_accuracy", "mean_accuracy", "frequency_weighted_iou", "boundary_f"],
            json["metrics"]!.AsObject().Select(entry => entry.Key));
        Assert.Equal(Figures(metrics), json["metrics"]!.AsObject().Select(entry => (double)entry.Value!));
        Assert.Equal(["road", "car", "sky", "tree 7", "tree 9"], json["per_class"]!.AsObject().Select(entry => entry.Key));
        JsonNode road = json["per_class"]!["road"]!;
        Assert.Equal((4.0 / 5, 4.0 / 5, 5.0 / 8, metrics.BoundaryFPerClass[0]),
            ((double)road["IoU"]!, (double)road["accuracy"]!, (double)road["share"]!, (double)road["boundary_f"]!));
        Assert.Null(road["note"]);
        Assert.Equal(metrics.AbsenceOf(2), (string?)json["per_class"]!["sky"]!["note"]);
        Assert.Equal([4, 1, 0, 0, 0], json["confusion"]![0]!.AsArray().Select(count => (int)count!));
        Assert.Equal("a note", (string?)json["notes"]![0]);
    }

    private static SegmentationMetrics Metrics(string[] predicted, string[] truth, double tolerance = 0.0075)
    {
        SegmentationResults results = new(categories, tolerance);
        results.Add(Map(predicted), Map(truth));
        return results.Metrics([]);
    }

    // A digit for each pixel; '-' has no class.
    private static SegmentationMap Map(params string[] rows) =>
        new(rows[0].Length, rows.Length,
            [.. rows.SelectMany(row => row.Select(pixel => pixel == '-' ? SegmentationMap.Ignore : (byte)(pixel - '0')))]);

    private static SegmentationMap Map(Tensor values) => new((int)values.shape[1], (int)values.shape[0], values.data<byte>().ToArray());

    private static double[] Each(Func<int, double> figure) => [.. Enumerable.Range(0, categories.Length).Select(figure)];

    private static double[] Figures(SegmentationMetrics metrics) =>
        [metrics.MeanIou, metrics.PixelAccuracy, metrics.MeanAccuracy, metrics.FrequencyWeightedIou, metrics.BoundaryF];
}
