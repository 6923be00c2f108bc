using Vision.Testing;

namespace Vision.Data.Tests.Readers;

public sealed class CocoReaderTests
{
    private const string Categories = """[{"id":18,"name":"dog"},{"id":3,"name":"car"}]""";

    private static string Json(string images, string annotations, string categories = Categories) =>
        $$"""{"images":{{images}},"annotations":{{annotations}},"categories":{{categories}}}""";

    private static DetectionDataset Read(TempFolder folder, string images, string annotations, IReadOnlyList<Category>? given = null) =>
        CocoReader.Read(folder.Write("coco.json", Json(images, annotations)), folder.Path, given);

    [Fact]
    public void BoxesLabelsAndCrowdsAreRead()
    {
        using TempFolder folder = new();
        folder.WritePlain("sub/a.jpg", 60, 40);
        folder.WritePlain("b.png", 20, 30);
        DetectionDataset data = Read(folder,
            """[{"id":900000000001,"file_name":"sub/a.jpg","width":60,"height":40,"license":3},{"id":2,"file_name":"b.png"}]""",
            """
            [{"id":11,"image_id":900000000001,"category_id":18,"bbox":[1.5,2,10,20.25],"area":123.5,"iscrowd":0},
             {"id":12,"image_id":900000000001,"category_id":3,"bbox":[0,0,60,40],"area":7,"iscrowd":1,"segmentation":[]},
             {"id":13,"image_id":900000000001,"category_id":3,"bbox":[5,5,10,10]}]
            """);
        Assert.Equal([new Category(3, "car"), new Category(18, "dog")], data.Categories);
        Assert.Empty(data.Report.Problems);
        Assert.Equal([(900000000001, folder["sub/a.jpg"], 60, 40), (2, folder["b.png"], 20, 30)],
            data.Samples.Select(sample => (sample.ImageId, sample.File, sample.Width, sample.Height)));
        Assert.Equal([
            new Annotation { Id = 11, Box = new(1.5f, 2, 11.5f, 22.25f), Label = 2, Area = 123.5 },
            new Annotation { Id = 12, Box = new(0, 0, 60, 40), Label = 1, Area = 7, IsCrowd = true },
            new Annotation { Id = 13, Box = new(5, 5, 15, 15), Label = 1, Area = 100 },
        ], data.Samples[0].Objects);
        Assert.Empty(data.Samples[1].Objects);
    }

    [Fact]
    public void GivenClassesDecideTheLabels()
    {
        using TempFolder folder = new();
        folder.WritePlain("a.jpg", 60, 40);
        DetectionDataset data = Read(folder, """[{"id":1,"file_name":"a.jpg"}]""",
            """[{"id":1,"image_id":1,"category_id":18,"bbox":[1,1,9,9]},{"id":2,"image_id":1,"category_id":3,"bbox":[1,1,9,9]}]""",
            [new(1, "cat"), new(2, "dog")]);
        Assert.Equal([new Category(1, "cat"), new Category(2, "dog")], data.Categories);
        Assert.Equal(2, Assert.Single(data.Samples[0].Objects).Label);
        Assert.Equal($"{folder["a.jpg"]}: annotation 2: class 'car' is not among cat, dog; left out",
            Assert.Single(data.Report.Problems).ToString());
    }

    [Fact]
    public void WhatIsWrongIsNamedAndPutRight()
    {
        using TempFolder folder = new();
        folder.WritePlain("a.jpg", 60, 40);
        folder.WritePlain("resized.jpg", 30, 20);
        DetectionDataset data = Read(folder,
            """
            [{"id":1,"file_name":"a.jpg","width":60,"height":40},
             {"id":2,"file_name":"gone.jpg"},
             {"id":3,"file_name":"resized.jpg","width":60,"height":40}]
            """,
            """
            [{"id":1,"image_id":1,"category_id":3,"bbox":[5,5,0,7]},
             {"id":2,"image_id":1,"category_id":3,"bbox":[5,5,7,-7]},
             {"id":3,"image_id":1,"category_id":3,"bbox":[]},
             {"id":4,"image_id":1,"category_id":3},
             {"id":5,"image_id":1,"category_id":99,"bbox":[5,5,7,7]},
             {"id":6,"image_id":1,"bbox":[5,5,7,7]},
             {"id":7,"image_id":8,"category_id":3,"bbox":[5,5,7,7]},
             {"id":8,"image_id":1,"category_id":3,"bbox":[50,30,20,20]},
             {"id":8,"image_id":1,"category_id":3,"bbox":[1,1,5,5]},
             {"image_id":1,"category_id":3,"bbox":[2,2,5,5]}]
            """);
        string file = folder["a.jpg"];
        Assert.Equal([
            $"{folder["coco.json"]}: annotation 7: image_id 8 is not among the images; left out",
            $"{file}: annotation 1: the box (5, 5, 5, 12) has no area; left out",
            $"{file}: annotation 2: the box (5, 5, 12, -2) has no area; left out",
            $"{file}: annotation 3: its bbox has 0 numbers, not the 4 of [x, y, width, height]; left out",
            $"{file}: annotation 4: its bbox has 0 numbers, not the 4 of [x, y, width, height]; left out",
            $"{file}: annotation 5: category_id 99 is not among the file's categories; left out",
            $"{file}: annotation 6: category_id is missing, which is not among the file's categories; left out",
            $"{file}: annotation 8: the box (50, 30, 70, 50) extends beyond the image of 60×40; clipped to it",
            $"{file}: annotation 8: another annotation has this id already; numbered 9",
            $"{folder["gone.jpg"]}: no such image; left out",
            $"{folder["resized.jpg"]}: annotated as 60×40, but the image is 30×20; left out; annotate it again at its own size",
        ], data.Report.Problems.Select(problem => problem.ToString()));
        Assert.Equal([8L, 9L, 10L], Assert.Single(data.Samples).Objects.Select(item => item.Id));
        Assert.Equal(new Box(50, 30, 60, 40), data.Samples[0].Objects[0].Box);
    }

    [Theory]
    [InlineData("""{"images":[],"annotations":[]}""",
        "not COCO's instances json: it has no list of categories; expected images, annotations and categories.")]
    [InlineData("""{"shapes":[],"imageData":"abc"}""",
        "not COCO's instances json: it has no list of images; expected images, annotations and categories.")]
    [InlineData("""{"images":[{"id":1,"file_na""", "not COCO json, at $.images[0] in line 1; is the file truncated, or in another format?")]
    [InlineData("""{"images":[{"id":"one","file_name":"a.jpg"}]}""",
        "not COCO json, at $.images[0].id in line 1; is the file truncated, or in another format?")]
    [InlineData("[1, 2]", "not COCO json, at $ in line 1; is the file truncated, or in another format?")]
    [InlineData("", "not COCO json, at $ in line 1; is the file truncated, or in another format?")]
    [InlineData("""{"images":[{"id":1}],"annotations":[],"categories":[{"id":1,"name":"dog"}]}""",
        "image 1 lacks its file_name; every image needs both.")]
    [InlineData("""{"images":[{"id":1,"file_name":"a"},{"id":1,"file_name":"b"}],"annotations":[],"categories":[{"id":1,"name":"dog"}]}""",
        "two images have the id 1, the second is b; give each its own.")]
    [InlineData("""{"images":[],"annotations":[],"categories":[]}""", "the list of categories is empty; name the classes there.")]
    [InlineData("""{"images":[],"annotations":[],"categories":[{"id":4}]}""", "category 4 lacks its name; every category needs both.")]
    [InlineData("""{"images":[],"annotations":[],"categories":[{"id":4,"name":"dog"},{"id":4,"name":"cat"}]}""",
        "the categories dog and cat both have the id 4; give each its own.")]
    [InlineData("""{"images":[],"annotations":[],"categories":[{"id":4,"name":"dog"}]}""",
        "none of its 0 images can be used: the list is empty.")]
    public void WhatIsNotCocoIsSaid(string json, string message)
    {
        using TempFolder folder = new();
        string file = folder.Write("coco.json", json);
        Assert.Equal($"{file}: {message}", Assert.Throws<InputException>(() => CocoReader.Read(file, folder.Path)).Message);
    }

    [Fact]
    public void AMissingFileIsSaid()
    {
        using TempFolder folder = new();
        Assert.Equal($"{folder["a.json"]}: no such file; check the path.",
            Assert.Throws<InputException>(() => CocoReader.Read(folder["a.json"], folder.Path)).Message);
    }
}
