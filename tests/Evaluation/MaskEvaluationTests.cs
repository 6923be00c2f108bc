using System.Text.Json.Nodes;
using Vision.Data;
using Vision.Testing;

namespace Vision.Evaluation.Tests;

public class MaskEvaluationTests
{
    private const int Side = 100;

    private static readonly Segment triangle = new() { Polygons = [[10, 10, 60, 10, 10, 60]] };
    private static readonly Box box = new(10, 10, 60, 60);

    [Fact]
    public void Masks_are_measured_beside_their_boxes()
    {
        // The upper three fifths of the box: an IoU of 0.62, past the thresholds .5, .55 and .6.
        DetectionMetrics metrics = Evaluate(triangle, new Segment { Polygons = [[10, 10, 60, 10, 60, 40, 10, 40]] });

        Assert.Equal(1, metrics.Boxes.AP, 12);
        Assert.Equal(0.3, metrics.Masks!.AP, 12);
        Assert.Same(metrics.Masks, metrics.Main);
        Assert.Equal(24, metrics.Figures().Count());
        Assert.Equal(1, metrics.Figures().Single(figure => figure.Key == "bbox_AP").Value, 12);

        JsonObject json = metrics.ToJson();
        Assert.Equal(metrics.Masks.AP, (double)json["metrics"]!["AP"]!);
        Assert.Equal(metrics.Boxes.AP, (double)json["bbox"]!["metrics"]!["AP"]!);
        Assert.Equal("cell", (string)json["bbox"]!["per_category"]!["7"]!["name"]!);
    }

    [Fact]
    public void Without_masks_in_the_ground_truth_boxes_are_what_counts()
    {
        DetectionMetrics metrics = Evaluate(null, triangle);

        Assert.Null(metrics.Masks);
        Assert.Same(metrics.Boxes, metrics.Main);
        Assert.Equal(12, metrics.Figures().Count());
        Assert.Null(metrics.ToJson()["bbox"]);
    }

    [Fact]
    public void An_object_without_a_mask_does_not_count_among_those_that_have_one()
    {
        DetectionResults results = new([new(7, "cell")]);
        Annotation known = new() { Id = 1, Box = box, Label = 1, Area = 1250, Segment = triangle };
        Annotation unknown = new() { Id = 2, Box = new(70, 70, 90, 90), Label = 1, Area = 400 };
        results.Add(Image([known, unknown]), new()
        {
            Boxes = [box, unknown.Box], Labels = [1, 1], Scores = [0.5f, 0.9f],
            Masks = [triangle.ToMask(Side, Side), RleMask.FromPolygons([[70, 70, 90, 70, 90, 90, 70, 90]], Side, Side)],
        });

        CocoMetrics masks = results.Evaluate().Masks!;
        Assert.Equal(1, masks.AP, 12);
        Assert.Contains("1 of 2 objects have no mask and are not counted in the mask metrics.", masks.Notes);
    }

    [Fact]
    public void A_mask_of_another_images_size_is_refused() =>
        Assert.Equal("A mask predicted for 1.jpg has 3×3 pixels; expected the image's 100×100.",
            Assert.Throws<ArgumentException>(() => new DetectionResults([new(7, "cell")])
                .Add(Image([]), new() { Boxes = [box], Labels = [1], Scores = [1], Masks = [RleMask.Encode(new byte[9], 3, 3)] })).Message);

    [Theory]
    [InlineData("""{"size": [10, 20], "counts": [0, 200]}""", null)]
    [InlineData("""{"size": [10, 20], "counts": "0X6"}""", null)]
    [InlineData("""[[0, 0, 20, 0, 20, 10, 0, 10]]""", null)]
    [InlineData("""{"size": [20, 10], "counts": [0, 200]}""", "dt.json: detection 0: its mask has 10×20 pixels, but its image has 20×10.")]
    [InlineData("""{"size": [10, 20], "counts": [0, 300]}""", "dt.json: detection 0: A mask's runs cover 300 pixels; expected 20×10.")]
    [InlineData("""{"size": [10, 20], "counts": [-1, 201]}""",
        "dt.json: detection 0: its segmentation's 'counts' are not integers of 0 or more.")]
    [InlineData("""{"size": [10, 20]}""", "dt.json: detection 0: its segmentation lacks 'counts', a list of numbers or a string.")]
    [InlineData("""{"counts": [0, 200]}""", "dt.json: detection 0: its segmentation's 'size' is not [height, width].")]
    [InlineData("""[0, 0, 20, 0]""", "dt.json is not a COCO results file, a list of {image_id, category_id, segmentation, score}: it " +
        "cannot be parsed at $[0].segmentation (line 1).")]
    [InlineData("null", "dt.json: detection 0 has no 'segmentation'.")]
    public void A_mask_in_a_file_may_be_runs_or_polygons(string segmentation, string? message)
    {
        using TempFolder folder = new();
        string truth = folder.Write("gt.json", """
            {"images": [{"id": 1, "width": 20, "height": 10}], "categories": [{"id": 1, "name": "cell"}],
             "annotations": [{"id": 5, "image_id": 1, "category_id": 1, "area": 200, "segmentation": [[0, 0, 20, 0, 20, 10, 0, 10]]}]}
            """);
        string found = folder.Write("dt.json", $$"""[{"image_id": 1, "category_id": 1, "segmentation": {{segmentation}}, "score": 0.5}]""");
        if (message is null) Assert.Equal(1, CocoEvaluator.Evaluate(CocoFiles.ReadMasks(truth, found), CocoRules.Boxes).AP, 12);
        else
            Assert.Equal(message, Assert.Throws<InputException>(() => CocoFiles.ReadMasks(truth, found)).Message
                .Replace(folder.Path + Path.DirectorySeparatorChar, ""));
    }

    private static Targets Image(IReadOnlyList<Annotation> objects) =>
        new() { ImageId = 1, File = "1.jpg", Width = Side, Height = Side, Objects = objects };

    private static DetectionMetrics Evaluate(Segment? truth, Segment found)
    {
        DetectionResults results = new([new(7, "cell")]);
        results.Add(Image([new() { Id = 1, Box = box, Label = 1, Area = 1250, Segment = truth }]),
            new() { Boxes = [box], Labels = [1], Scores = [0.9f], Masks = [found.ToMask(Side, Side)] });
        return results.Evaluate();
    }
}
