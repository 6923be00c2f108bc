using Vision.Testing;

namespace Vision.Data.Tests.Readers;

public sealed class CocoSegmentTests
{
    private const string Person = """[{"id":1,"name":"person","keypoints":["nose","left_eye","right_eye"],"skeleton":[[1,2],[1,3]]}]""";

    private static DetectionDataset Read(TempFolder folder, string annotation, string categories = """[{"id":1,"name":"dog"}]""")
    {
        folder.WritePlain("a.png", 6, 4);
        string json = folder.Write("coco.json", $$"""
            {"images":[{"id":1,"file_name":"a.png"}],
             "annotations":[{"id":7,"image_id":1,"category_id":1,"bbox":[1,1,3,2],{{annotation}}}],
             "categories":{{categories}}}
            """);
        return CocoReader.Read(json, folder.Path);
    }

    private static Annotation Only(DetectionDataset data)
    {
        Assert.Empty(data.Report.Problems);
        return Assert.Single(data.Samples[0].Objects);
    }

    [Fact]
    public void PolygonsAreKeptAsTheyAre()
    {
        using TempFolder folder = new();
        Segment segment = Only(Read(folder, """ "segmentation":[[1,1,4,1,4.25,3],[0.5,1,2,2,3,3,1,3]]""")).Segment!;
        Assert.Null(segment.Runs);
        Assert.Equal([[1, 1, 4, 1, 4.25f, 3], [0.5f, 1, 2, 2, 3, 3, 1, 3]], segment.Polygons);
    }

    /// <summary>Columns of the image, from the left: 4 outside, 1 outside and 2 inside, and so on.</summary>
    [Theory]
    [InlineData(""" "iscrowd":1,"segmentation":{"size":[4,6],"counts":[5,2,2,2,13]}""")]
    [InlineData(""" "segmentation":{"counts":"522001;","size":[4,6]}""")]
    public void RunsAreRead(string annotation)
    {
        using TempFolder folder = new();
        if (!annotation.Contains("iscrowd")) annotation = annotation.Replace("522001;", new RleMask(6, 4, [5, 2, 2, 2, 13]).ToCompressed());
        Segment segment = Only(Read(folder, annotation)).Segment!;
        Assert.Empty(segment.Polygons);
        Assert.Equal([5u, 2u, 2u, 2u, 13u], segment.Runs!.Counts.ToArray());
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], segment.ToMask(6, 4).Decode());
    }

    [Theory]
    [InlineData("[[1,1,4,1],[1,1,4,1,4,3]]", "1 of its 2 polygons have fewer than three points or half a point; left out", true)]
    [InlineData("[[1,1,4,1,4,3,2]]", "1 of its 1 polygons have fewer than three points or half a point; left out", false)]
    [InlineData("[[1,1,4,\"x\",4,3]]", "1 of its 1 polygons have fewer than three points or half a point; left out", false)]
    [InlineData("""{"size":[5,6],"counts":[30]}""", "its segmentation was made on an image of 6×5, and this one is 6×4; left out", false)]
    [InlineData("""{"size":[4,6],"counts":[5,2]}""", "A mask's runs cover 7 pixels; expected 6×4; left out", false)]
    [InlineData("""{"size":[4,6],"counts":[24]}""", "its segmentation has no pixels; left out", false)]
    [InlineData("""{"counts":[24]}""", "its segmentation lacks the size [height, width]; left out", false)]
    [InlineData("17", "its segmentation is neither a list of polygons nor {size, counts}; left out", false)]
    public void ASegmentThatCannotBeUsedIsNamedAndItsBoxKept(string segmentation, string fault, bool partly)
    {
        using TempFolder folder = new();
        DetectionDataset data = Read(folder, $"\"segmentation\":{segmentation}");
        DatasetProblem problem = Assert.Single(data.Report.Problems);
        Assert.Equal((DatasetProblemKind.BadSegment, $"{folder["a.png"]}: annotation 7: {fault}"), (problem.Kind, problem.ToString()));
        Assert.Equal(partly, Assert.Single(data.Samples[0].Objects).Segment is not null);
    }

    [Fact]
    public void KeypointsAndTheirNamesAreRead()
    {
        using TempFolder folder = new();
        DetectionDataset data = Read(folder, """ "keypoints":[1,2,2,0,0,0,3.5,1,1],"num_keypoints":2""", Person);
        Assert.Equal([new Keypoint(1, 2, 2), new Keypoint(0, 0, 0), new Keypoint(3.5f, 1, 1)], Only(data).Keypoints!);
        Category person = data.Categories[0];
        Assert.Equal(["nose", "left_eye", "right_eye"], person.Keypoints);
        Assert.Equal([(0, 1), (0, 2)], person.Skeleton);
        Assert.Equal(person, person with { Skeleton = [] });
        Assert.NotEqual(person, new Category(1, "person"));
        Assert.Equal(new Category(1, "person") { Keypoints = ["nose", "left_eye", "right_eye"] }.GetHashCode(), person.GetHashCode());
    }

    [Theory]
    [InlineData("1,2,2", "its keypoints are 3 numbers, not the 9 of 3 keypoints; left out")]
    [InlineData("1,2,2,1,1,1,1,1,0.9", "a keypoint's visibility is 0.9, not 0, 1 or 2; left out")]
    public void KeypointsThatCannotBeUsedAreNamed(string numbers, string fault)
    {
        using TempFolder folder = new();
        DetectionDataset data = Read(folder, $"\"keypoints\":[{numbers}]", Person);
        Assert.Equal($"{folder["a.png"]}: annotation 7: {fault}", Assert.Single(data.Report.Problems).ToString());
        Assert.Null(Assert.Single(data.Samples[0].Objects).Keypoints);
    }

    [Fact]
    public void KeypointFilesAreSplitsWhereThereIsNothingElseOrTheyAreAskedFor()
    {
        using TempFolder folder = new();
        folder.WritePlain("val2017/a.png", 6, 4);
        string json = """{"images":[{"id":1,"file_name":"a.png"}],"annotations":[],"categories":[{"id":1,"name":"NAME"}]}""";
        folder.Write("annotations/person_keypoints_val2017.json", json.Replace("NAME", "person"));
        Assert.Equal(["val2017"], DetectionReader.Splits(folder.Path));
        Assert.Equal("person", DetectionReader.Read(folder.Path).Categories[0].Name);
        folder.Write("annotations/instances_val2017.json", json.Replace("NAME", "dog"));
        Assert.Equal("dog", DetectionReader.Read(folder.Path).Categories[0].Name);
        Assert.Equal("person", DetectionReader.Read(folder.Path, split: "person_keypoints_val2017").Categories[0].Name);
    }
}
