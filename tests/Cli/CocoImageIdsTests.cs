using Vision.Cli.Output;
using Vision.Testing;

namespace Vision.Cli.Tests;

public class CocoImageIdsTests
{
    [Theory]
    [InlineData("000000000139.jpg 000000000285.jpg", "139 285")]
    [InlineData("a/COCO_val2014_000000000042.jpg a/COCO_val2014_000000000073.jpg", "42 73")]
    [InlineData("cat.jpg dog-7.jpg", "1 2")]
    [InlineData("a-7.jpg b-7.jpg", "1 2")]
    [InlineData("9.jpg 99999999999999999999.jpg", "1 2")]
    public void NumbersAreThoseOfTheNamesOrElsePlaces(string files, string expected)
    {
        string[] names = files.Split(' ');
        CocoImageIds ids = new(names, null);
        Assert.Equal(expected, string.Join(' ', names.Select(ids.Of)));
    }

    [Fact]
    public void AnnotationsGiveIdsByFileName()
    {
        using TempFolder folder = new();
        string truth = folder.Write("gt.json",
            """{"images": [{"id": 30, "file_name": "val/b.jpg"}, {"id": 20, "file_name": "a.jpg"}, {"id": 5, "file_name": "c.jpg"}]}""");
        CocoImageIds ids = new(["x/a.jpg", "x/b.jpg"], truth);
        Assert.Equal((20, 30), (ids.Of("x/a.jpg"), ids.Of("x/b.jpg")));

        Assert.Equal($"x/d.jpg is not among the images of {truth}: use the annotations of these images.", MessageOf(["x/d.jpg"], truth));
        Assert.EndsWith("is not a COCO annotation file: it needs 'images'.", MessageOf([], folder.Write("no.json", "{}")));
        Assert.EndsWith("the images 1 and 2 are both called a.jpg; give each its own name.",
            MessageOf([], folder.Write("twice.json",
                """{"images": [{"id": 1, "file_name": "x/a.jpg"}, {"id": 2, "file_name": "y/a.jpg"}]}""")));
    }

    private static string MessageOf(string[] files, string truth) =>
        Assert.Throws<InputException>(() => new CocoImageIds(files, truth)).Message;
}
