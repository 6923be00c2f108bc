using Vision.Testing;

namespace Vision.Evaluation.Tests;

public class CocoFilesTests
{
    private const string Truth = """
        {"images": [{"id": 5}, {"id": 3}], "categories": [{"id": 7, "name": "cell"}],
         "annotations": [{"id": 0, "image_id": 3, "category_id": 7, "bbox": [0, 0, 50, 50], "area": 2500, "iscrowd": 0}]}
        """;

    private const string Found = """[{"image_id": 3, "category_id": 7, "bbox": [0, 0, 50, 50], "score": 0.5}]""";

    [Fact]
    public void An_object_with_id_0_can_be_found() => Assert.Equal(1, Evaluate(Truth, Found).AP, 12);

    [Fact]
    public void Json_has_the_documented_shape()
    {
        CocoMetrics metrics = Evaluate(Truth, Found);

        var json = metrics.ToJson();

        Assert.Equal(["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"],
            json["metrics"]!.AsObject().Select(figure => figure.Key));
        Assert.Equal(metrics.AP, json["metrics"]!["AP"]!.GetValue<double>());
        Assert.Equal(-1, json["metrics"]!["APl"]!.GetValue<double>());
        Assert.Equal("cell", json["per_category"]!["7"]!["name"]!.GetValue<string>());
        Assert.Equal(metrics.AP50, json["per_category"]!["7"]!["AP50"]!.GetValue<double>());
    }

    [Fact]
    public void Says_when_category_ids_do_not_intersect()
    {
        CocoMetrics metrics = Evaluate(Truth, Found.Replace("\"category_id\": 7", "\"category_id\": 1"));

        Assert.Equal(0, metrics.AP);
        Assert.Equal(["No category id occurs in both files: detections have 1, the ground truth has 7."], metrics.Notes);
    }

    [Fact]
    public void Says_how_many_detections_have_an_unknown_category()
    {
        string found = Found.Replace("}]", """}, {"image_id": 3, "category_id": 9, "bbox": [0, 0, 1, 1], "score": 1}]""");

        Assert.Equal(["1 of 2 detections are not counted: their category ids (9) are not in the ground truth."],
            Evaluate(Truth, found).Notes);
    }

    [Theory]
    [InlineData("""{"annotations": []}""",
        "dt.json is not a COCO results file, a list of {image_id, category_id, bbox, score}: it cannot be parsed at $ (line 1).")]
    [InlineData("""[{"image_id": 3, "category_id": 7, "bbox": [0, 0, 50, 50]}]""", "dt.json: detection 0 has no 'score'.")]
    [InlineData("""[{"image_id": 3, "category_id": 7, "bbox": [0, 0, 50], "score": 1}]""",
        "dt.json: the bbox of detection 0 has 3 numbers; expected [x, y, width, height].")]
    [InlineData("""[{"image_id": 99, "category_id": 7, "bbox": [0, 0, 50, 50], "score": 1}]""", "dt.json has detections in image 99, " +
        "which is not in gt.json: evaluate against the annotations of the same images.")]
    [InlineData("[null]", "dt.json: detection 0 has no 'image_id'.")]
    [InlineData("""[{"image_id": 3, "category""",
        "dt.json is not a COCO results file, a list of {image_id, category_id, bbox, score}: it cannot be parsed at $[0] (line 1).")]
    public void A_bad_results_file_is_explained(string found, string message) => Assert.Equal(message, MessageFor(Truth, found));

    [Theory]
    [InlineData("[]", "gt.json is not a COCO annotation file, an object with images, annotations and categories: " +
        "it cannot be parsed at $ (line 1).")]
    [InlineData("{}", "gt.json is not a COCO annotation file: it needs 'images', 'annotations' and 'categories'.")]
    [InlineData("""{"images": [{}], "categories": [], "annotations": []}""", "gt.json: images[0] has no 'id'.")]
    [InlineData("""{"images": [], "categories": [{"id": 1}], "annotations": []}""", "gt.json: categories[0] has no 'name'.")]
    [InlineData("""{"images": [], "categories": [], "annotations": [{"id": 12, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}]}""",
        "gt.json: annotation 12 has no 'area'.")]
    public void A_bad_annotation_file_is_explained(string truth, string message) => Assert.Equal(message, MessageFor(truth, Found));

    [Fact]
    public void A_missing_file_is_named()
    {
        using TempFolder folder = new();
        Assert.Equal($"There is no file {folder["gt.json"]}.",
            Assert.Throws<InputException>(() => CocoFiles.ReadBoxes(folder["gt.json"], folder["dt.json"])).Message);
    }

    private static CocoMetrics Evaluate(string truth, string found)
    {
        using TempFolder folder = new();
        return CocoEvaluator.Evaluate(CocoFiles.ReadBoxes(folder.Write("gt.json", truth), folder.Write("dt.json", found)), CocoRules.Boxes);
    }

    private static string MessageFor(string truth, string found)
    {
        using TempFolder folder = new();
        InputException e = Assert.Throws<InputException>(() =>
            CocoFiles.ReadBoxes(folder.Write("gt.json", truth), folder.Write("dt.json", found)));
        return e.Message.Replace(folder.Path + Path.DirectorySeparatorChar, "");
    }
}
