using Vision.Testing;

namespace Vision.Data.Tests.Readers;

public sealed class YoloReaderTests
{
    private static TempFolder Folder(string yaml = "names: [cat, dog]\ntrain: images/train\nval: images/val\n")
    {
        TempFolder folder = new();
        folder.Write("data.yaml", yaml);
        folder.WritePlain("images/train/a.jpg", 60, 40);
        folder.WritePlain("images/val/b.jpg", 60, 40);
        folder.Write("labels/train/a.txt", "1 0.5 0.5 0.5 0.25\n\n0 0.1 0.1 0.3 0.1 0.3 0.5\n");
        folder.Write("labels/val/b.txt", "");
        return folder;
    }

    [Fact]
    public void BoxesAndPolygonsAreRead()
    {
        using TempFolder folder = Folder();
        Assert.Equal(DatasetFormat.Yolo, DetectionReader.Detect(folder.Path));
        Assert.Equal(["train", "val"], DetectionReader.Splits(folder.Path));
        DetectionDataset data = DetectionReader.Read(folder.Path);
        Assert.Empty(data.Report.Problems);
        Assert.Equal($"{Path.GetFileName(folder.Path)}/train", data.Name);
        Assert.Equal([new Category(0, "cat"), new Category(1, "dog")], data.Categories);
        Targets sample = Assert.Single(data.Samples);
        Assert.Equal((folder["images/train/a.jpg"], 60, 40), (sample.File, sample.Width, sample.Height));
        Assert.Equal(new Annotation { Id = 1, Box = new(15, 15, 45, 25), Label = 2, Area = 300 }, sample.Objects[0]);
        Annotation polygon = sample.Objects[1];
        Assert.Equal((2L, 1, new Box(6, 4, 18, 20)), (polygon.Id, polygon.Label, polygon.Box));
        Assert.Equal([6f, 4, 18, 4, 18, 20], polygon.Segment!.Polygons[0]);
        Assert.Equal(12 * 16 / 2, polygon.Area, 1e-4);
        Assert.Empty(Assert.Single(DetectionReader.Read(folder.Path, split: "val").Samples).Objects);
    }

    [Theory]
    [InlineData("names: {0: cat, 1: dog}\ntrain: images/train\n")]
    [InlineData("path: ../elsewhere/photos\nnames: {1: dog, 0: cat}\nnc: 2\ntrain: [./images/train]\n")]
    [InlineData("names:\n  - cat\n  - dog\ntrain: ../images/train  # as Roboflow writes it\n")]
    [InlineData("names: [cat, dog]\ntrain: train.txt\n")]
    [InlineData("names: ['cat', \"dog\"]\npath: .\ntrain: list/train.txt\nval:\n")]
    public void NamesAndPlacesMayBeWrittenInManyWays(string yaml)
    {
        using TempFolder folder = Folder(yaml);
        folder.Write("train.txt", "./images/train/a.jpg\n");
        folder.Write("list/train.txt", "../images/train/a.jpg\n\n");
        DetectionDataset data = DetectionReader.Read(folder.Path);
        Assert.Equal([new Category(0, "cat"), new Category(1, "dog")], data.Categories);
        Assert.Equal(2, Assert.Single(data.Samples).Objects.Count);
    }

    [Fact]
    public void ClassesInATextFileWillDo()
    {
        using TempFolder folder = new();
        folder.Write("classes.txt", "cat\ndog\n");
        folder.WritePlain("images/a.png", 10, 10);
        folder.Write("labels/a.txt", "1 0.5 0.5 1 1");
        Assert.Equal(["all"], DetectionReader.Splits(folder.Path));
        Assert.Equal(2, DetectionReader.Read(folder.Path).Samples[0].Objects[0].Label);
    }

    [Fact]
    public void GapsInTheNumbersAreAllowedAndMissingLabelsMayBeSkipped()
    {
        using TempFolder folder = Folder("skip_if_label_file_missing: true\nnames: {1: cat, 7: dog}\ntrain: images/train\n");
        folder.WritePlain("images/train/unlabeled.jpg", 60, 40);
        folder.Write("labels/train/a.txt", "7 0.5 0.5 0.5 0.25\n0 0.5 0.5 0.5 0.25");
        DetectionDataset data = DetectionReader.Read(folder.Path);
        Assert.Equal([new Category(1, "cat"), new Category(7, "dog")], data.Categories);
        Assert.Equal(2, Assert.Single(Assert.Single(data.Samples).Objects).Label);
        Assert.Equal($"{folder["labels/train/a.txt"]}: line 2: class 0 has no name in the data set (1 to 7 have); left out",
            Assert.Single(data.Report.Problems).ToString());
    }

    [SkippableFact]
    public void AnUnreadableLabelFileIsNamed()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "It takes a file that cannot be read even by root.");
        using TempFolder folder = Folder();
        folder.WritePlain("images/train/b.jpg", 60, 40);
        File.CreateSymbolicLink(folder["labels/train/b.txt"], "/proc/self/mem");
        DetectionDataset data = DetectionReader.Read(folder.Path);
        Assert.Single(data.Samples);
        DatasetProblem problem = Assert.Single(data.Report.Problems);
        Assert.Equal((DatasetProblemKind.UnreadableAnnotations, folder["labels/train/b.txt"]), (problem.Kind, problem.File));
    }

    [Fact]
    public void WhatIsWrongIsNamed()
    {
        using TempFolder folder = Folder();
        string file = folder.Write("labels/train/a.txt",
            "0 0.5 0.5 0.5\nx 1 1 1 1\n0 0.5 0.5 0 0.1\n0 30 20 10 10\n0.5 0.5 0.5 0.1 0.1\n" +
            "0 0.9 0.5 0.4 0.5\n0 0.5 0.5 0.1 0.1 0.9\n0 1.5 1.5 0.1 0.1");
        folder.Write("images/train/bad.jpg", "no image");
        folder.Write("labels/train/bad.txt", "0 0.5 0.5 0.5 0.5");
        DetectionDataset data = DetectionReader.Read(folder.Path);
        Assert.Equal([
            $"{file}: line 1: '0 0.5 0.5 0.5' is neither a class with the 4 numbers of a box nor one with the points of a polygon; " +
                "left out",
            $"{file}: line 2: 'x 1 1 1 1' is neither a class with the 4 numbers of a box nor one with the points of a polygon; left out",
            $"{file}: line 3: the box (30, 18, 30, 22) has no area; left out",
            $"{file}: line 4: '0 30 20 10 10' is not in fractions of the image's width and height, from 0 to 1; left out",
            $"{file}: line 5: class 0.5 has no name in the data set (0 to 1 have); left out",
            $"{file}: line 6: the box (42, 10, 66, 30) extends beyond the image of 60×40; clipped to it",
            $"{file}: line 7: '0 0.5 0.5 0.1 0.1 0.9' is neither a class with the 4 numbers of a box nor one with the points of a " +
                "polygon; left out",
            $"{file}: line 8: the box (87, 58, 93, 62) lies outside the image of 60×40; left out",
            $"{folder["images/train/bad.jpg"]}: not an image that can be decoded (JPEG, PNG, BMP, TIFF or WebP is expected); convert it " +
                "or remove it.",
        ], data.Report.Problems.Select(problem => problem.ToString()));
        Assert.Single(data.Samples[0].Objects);
    }

    [Theory]
    [InlineData("names: [cat\ntrain: images/train\n", "data.yaml: invalid YAML, perhaps an unclosed bracket; correct it.")]
    [InlineData("names: [cat, cat]\ntrain: images/train\n",
        "names must list the classes as [cat, dog] or {0: cat, 1: dog}, but two classes are called 'cat'; correct it.")]
    [InlineData("names: {a: cat}\ntrain: images/train\n", "but 'a' is not the number of a class; correct it.")]
    [InlineData("names: []\ntrain: images/train\n", "but it lists none; correct it.")]
    [InlineData("names: [cat]\ntrain: pictures\n", "its images pictures were not found in")]
    public void AFaultyConfigurationIsSaid(string yaml, string message)
    {
        using TempFolder folder = Folder(yaml);
        Assert.Contains(message, Assert.Throws<InputException>(() => DetectionReader.Read(folder.Path)).Message);
    }

    [Fact]
    public void ImagesWithoutAnyLabelsAreAMistake()
    {
        using TempFolder folder = Folder();
        File.Delete(folder["labels/val/b.txt"]);
        Assert.Equal($"{folder.Path}: none of the 1 images of split 'val' has a label file; expected files such as " +
            $"{folder["labels/val/b.txt"]}.",
            Assert.Throws<InputException>(() => DetectionReader.Read(folder.Path, split: "val")).Message);
    }

    [Fact]
    public void GivenClassesDecideTheLabels()
    {
        using TempFolder folder = Folder();
        DetectionDataset data = DetectionReader.Read(folder.Path, categories: [new(9, "yak"), new(3, "dog")]);
        Assert.Equal(2, Assert.Single(data.Samples[0].Objects).Label);
        Assert.Equal($"{folder["labels/train/a.txt"]}: line 3: class 'cat' is not among yak, dog; left out",
            Assert.Single(data.Report.Problems).ToString());
    }
}
