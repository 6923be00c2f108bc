using Vision.Testing;
using static Vision.Data.Tests.VocFolder;

namespace Vision.Data.Tests.Readers;

public sealed class VocReaderTests
{
    [Fact]
    public void BoxesLabelsAndSizesAreRead()
    {
        using TempFolder folder = new();
        folder.Add("one", Object("dog", 5, 6, 25, 16), Object("cat", 1, 1, 60, 40, "<difficult>1</difficult>"));
        folder.Add("two");
        folder.List("train", "two", "one");
        folder.List("dog_train", "two -1", "one 1");

        DetectionDataset data = VocReader.Read(folder.Path, "train");
        Assert.Equal($"{Path.GetFileName(folder.Path)}/train", data.Name);
        Assert.Equal([new Category(1, "cat"), new Category(2, "dog")], data.Categories);
        Assert.Empty(data.Report.Problems);
        Assert.Equal("", data.Report.Summary);

        // In the list's order; the empty image is kept.
        Assert.Equal([folder["JPEGImages/two.jpg"], folder["JPEGImages/one.jpg"]], data.Samples.Select(sample => sample.File));
        Assert.Equal([1L, 2L], data.Samples.Select(sample => sample.ImageId));
        Assert.Empty(data.Samples[0].Objects);
        Assert.Equal((60, 40), (data.Samples[1].Width, data.Samples[1].Height));
        Assert.Equal([
            new Annotation { Id = 1, Box = new(5, 6, 25, 16), Label = 2, Area = 200 },
            new Annotation { Id = 2, Box = new(1, 1, 60, 40), Label = 1, Area = 59 * 39, IsCrowd = true },
        ], data.Samples[1].Objects);
    }

    [Fact]
    public void SplitsAgreeOnLabels()
    {
        using TempFolder folder = new();
        folder.Add("a", Object("zebra", 1, 1, 9, 9));
        folder.Add("b", Object("ant", 1, 1, 9, 9));
        folder.List("train", "a");
        folder.List("val", "b");
        DetectionDataset train = VocReader.Read(folder.Path, "train"), val = VocReader.Read(folder.Path, "val");
        Assert.Equal(train.Categories, val.Categories);
        Assert.Equal(2, train.Samples[0].Objects[0].Label);
        Assert.Equal(1, val.Samples[0].Objects[0].Label);
    }

    [Fact]
    public void GivenClassesDecideTheLabels()
    {
        using TempFolder folder = new();
        folder.Add("a", Object("zebra", 1, 1, 9, 9), Object("ant", 2, 2, 9, 9));
        DetectionDataset data = VocReader.Read(folder.Path, null, [new(7, "yak"), new(9, "zebra")]);
        Assert.Equal(2, Assert.Single(data.Samples[0].Objects).Label);
        Assert.Equal($"{folder["Annotations/a.xml"]}: object 2: class 'ant' is not among yak, zebra; left out",
            Assert.Single(data.Report.Problems).ToString());
    }

    [Fact]
    public void BadBoxesAreNamedAndPutRight()
    {
        using TempFolder folder = new();
        folder.Add("a", Object("dog", 8, 8, 8, 8), Object("dog", 20, 9, 10, 12), Object("dog", -5, 0, 30, 45), Object("dog", 70, 5, 90, 9),
            Object("dog", 0, 0, 61, 41));
        DetectionDataset data = VocReader.Read(folder.Path);
        string file = folder["Annotations/a.xml"];
        Assert.Equal([new Box(0, 0, 30, 40), new Box(0, 0, 60, 40)], data.Samples[0].Objects.Select(item => item.Box));
        Assert.Equal([
            $"{file}: object 1: the box (8, 8, 8, 8) has no area; left out",
            $"{file}: object 2: the box (20, 9, 10, 12) has no area; left out",
            $"{file}: object 3: the box (-5, 0, 30, 45) extends beyond the image of 60×40; clipped to it",
            $"{file}: object 4: the box (70, 5, 90, 9) lies outside the image of 60×40; left out",
        ], data.Report.Problems.Select(problem => problem.ToString()));
        Assert.Equal(
            $"2 boxes without area left out, 1 box outside its image left out, 1 box over its image's border clipped (the first: {file}: " +
            "object 1: the box (8, 8, 8, 8) has no area; left out)", data.Report.Summary);

        data.Report.Write(folder["report.tsv"]);
        string[] lines = File.ReadAllLines(folder["report.tsv"]);
        Assert.Equal(4, lines.Length);
        Assert.Equal($"OutsideBox\t{file}\tobject 4\tthe box (70, 5, 90, 9) lies outside the image of 60×40; left out", lines[3]);
    }

    [Fact]
    public void MissingFieldsAreNamed()
    {
        using TempFolder folder = new();
        folder.Add("a", Object("dog", 1, 1, 9, 9), "<object><name>dog</name></object>", "<object><bndbox/></object>",
            "<object><name>dog</name><bndbox><xmin>1</xmin><ymin>x</ymin></bndbox></object>",
            "<object><name>dog</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax></bndbox></object>");
        DetectionDataset data = VocReader.Read(folder.Path);
        string file = folder["Annotations/a.xml"];
        Assert.Single(data.Samples[0].Objects);
        Assert.Equal([
            $"{file}: object 2: lacks <bndbox>; left out",
            $"{file}: object 3: lacks <name>; left out",
            $"{file}: object 4: <ymin> is 'x', not a number; left out",
            $"{file}: object 5: lacks <ymax>; left out",
        ], data.Report.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void FilesThatCannotBeUsedLeaveOutTheirImageAlone()
    {
        using TempFolder folder = new();
        folder.Add("good", Object("dog", 1, 1, 9, 9));
        folder.Add("cut");
        folder.Write("Annotations/cut.xml", "<annotation><object><name>dog</na");
        folder.Add("other");
        folder.Write("Annotations/other.xml", "<html/>");
        folder.Add("gone");
        File.Delete(folder["JPEGImages/gone.jpg"]);
        folder.Add("text");
        folder.Write("JPEGImages/text.jpg", "no image");
        folder.Add("resized");
        folder.WritePlain("JPEGImages/resized.jpg", 30, 20);
        folder.Add("turned");
        folder.WritePlain("JPEGImages/turned.jpg", 40, 60);
        folder.List("train", "cut", "other", "gone", "text", "resized", "turned", "unannotated", "good");

        DetectionDataset data = VocReader.Read(folder.Path, "train");
        Assert.Equal(folder["JPEGImages/good.jpg"], Assert.Single(data.Samples).File);
        string[] lines = [.. data.Report.Problems.Select(problem => problem.ToString())];
        Assert.Equal(7, lines.Length);
        Assert.StartsWith($"{folder["Annotations/cut.xml"]}: not VOC XML (", lines[0]);
        Assert.Equal(
            $"{folder["Annotations/other.xml"]}: not VOC XML (The root is <html> instead of VOC's <annotation>); its image is left out",
            lines[1]);
        Assert.Equal($"{folder["JPEGImages/gone.jpg"]}: no such image; left out", lines[2]);
        Assert.Equal(
            $"{folder["JPEGImages/text.jpg"]}: not an image that can be decoded (JPEG, PNG, BMP, TIFF or WebP is expected); convert it " +
                "or remove it.", lines[3]);
        Assert.Equal(
            $"{folder["JPEGImages/resized.jpg"]}: annotated as 60×40, but the image is 30×20; left out; annotate it again at its own size",
            lines[4]);
        Assert.Equal(
            $"{folder["JPEGImages/turned.jpg"]}: annotated as 60×40, but the image is 40×60 (its EXIF orientation turns it); left out; " +
                "annotate it again at its own size", lines[5]);
        Assert.Equal($"{folder["Annotations/unannotated.xml"]}: no such annotation file; its image is left out", lines[6]);
    }

    [Fact]
    public void ASizeThatIsNotWrittenIsTakenFromTheImage()
    {
        using TempFolder folder = new();
        folder.WritePlain("JPEGImages/a.png", 50, 30);
        folder.Write("Annotations/a.xml",
            $"<annotation><size><width>0</width><height>0</height></size>{Object("dog", 1, 1, 9, 9)}</annotation>");
        DetectionDataset data = VocReader.Read(folder.Path);
        Assert.Equal((50, 30), (data.Samples[0].Width, data.Samples[0].Height));
        Assert.Empty(data.Report.Problems);
    }

    [Fact]
    public void OtherLayoutsAreFound()
    {
        using TempFolder beside = new();
        beside.WritePlain("a.jpg", 60, 40);
        beside.Write("a.xml", Xml("renamed since.jpg", 60, 40, Object("dog", 1, 1, 9, 9)));
        Assert.Equal(beside["a.jpg"], Assert.Single(VocReader.Read(beside.Path).Samples).File);

        using TempFolder splits = new();
        foreach (string split in new[] { "train", "valid" })
        {
            splits.WritePlain($"{split}/{split}.jpg", 60, 40);
            splits.Write($"{split}/{split}.xml", Xml($"{split}.jpg", 60, 40, Object("dog", 1, 1, 9, 9)));
        }
        Assert.Equal(splits["valid/valid.jpg"], Assert.Single(VocReader.Read(splits.Path, "val").Samples).File);

        using TempFolder lower = new();
        lower.WritePlain("images/a.png", 60, 40);
        lower.Write("annotations/a.xml", Xml("a.png", 60, 40, Object("dog", 1, 1, 9, 9)));
        Assert.Equal(lower["images/a.png"], Assert.Single(VocReader.Read(lower.Path).Samples).File);

        using TempFolder deep = new();
        deep.WritePlain("VOCdevkit/VOC2012/JPEGImages/a.jpg", 60, 40);
        deep.Write("VOCdevkit/VOC2012/Annotations/a.xml", Xml("a.jpg", 60, 40, Object("dog", 1, 1, 9, 9)));
        Assert.Single(VocReader.Read(deep.Path).Samples);
        deep.Write("VOCdevkit/VOC2007/Annotations/a.xml", Xml("a.jpg", 60, 40));
        Assert.Equal($"{deep.Path}: holds several VOC data sets (VOCdevkit/VOC2007, VOCdevkit/VOC2012); give the folder of one.",
            Assert.Throws<InputException>(() => VocReader.Read(deep.Path)).Message);
    }

    [Fact]
    public void WhatCannotBeReadAtAllIsSaid()
    {
        using TempFolder folder = new();
        Assert.Equal($"{folder["none"]}: no such folder; check the path.", Message(folder["none"]));
        Assert.Equal(
            $"{folder.Path}: no annotations found; looked for VOC (Annotations/*.xml with JPEGImages, or XML files next to their images).",
            Message(folder.Path));

        folder.Add("a");
        Assert.Equal($"{folder.Path}: no annotation names an object's class; there is nothing to train on.", Message(folder.Path));

        folder.Add("b", Object("dog", 1, 1, 9, 9));
        folder.List("train", "b");
        folder.List("val", "b");
        folder.List("test", "c");
        Assert.Equal($"{folder.Path}: no split 'foo'; available: test, train, val.", Message(folder.Path, "foo"));
        Assert.Equal($"{folder.Path}: none of the 1 images of split 'test' can be used: 1 image without annotation file left out "
            + $"(the first: {folder["Annotations/c.xml"]}: no such annotation file; its image is left out).", Message(folder.Path, "test"));

        static string Message(string path, string? split = null) =>
            Assert.Throws<InputException>(() => VocReader.Read(path, split)).Message;
    }
}
