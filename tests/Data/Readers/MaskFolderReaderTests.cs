using Vision.Testing;

namespace Vision.Data.Tests.Readers;

public sealed class MaskFolderReaderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>An image of 6×4, and its mask with the values in its columns.</summary>
    private void Add(string image, string mask, params int[] columns)
    {
        folder.WritePlain(image, 6, 4);
        folder.WriteMask(mask, 6, 4, (x, _) => columns[x % columns.Length]);
    }

    private static string[] Names(SegmentationDataset data) => [.. data.Categories.Select(category => $"{category.Id} {category.Name}")];

    private static byte[] Row(SegmentationDataset data, int sample = 0) => data.Samples[sample].ReadMap().Classes[..6];

    [Theory]
    [InlineData("images/train", "masks/train", "", "train")]
    [InlineData("images/train2017", "annotations/train2017", "", "train2017")]
    [InlineData("train/images", "train/masks", "_mask", "train")]
    [InlineData("training/Images", "training/Labels", "", "training")]
    [InlineData("train", "trainannot", "", "train")]
    [InlineData("train", "train_labels", "_L", "train")]
    [InlineData("images", "masks", "-label", "all")]
    [InlineData("images/aachen", "masks/aachen", "", "all")]
    public void MasksAreFoundInTheUsualPlaces(string images, string masks, string ending, string split)
    {
        Add($"{images}/a.jpg", $"{masks}/a{ending}.png", 0, 1);
        Add($"{images}/b.png", $"{masks}/b{ending}.png", 1, 0);
        Assert.Equal(DatasetFormat.Masks, SegmentationReader.Detect(folder.Path));
        Assert.True(SegmentationReader.CanRead(folder.Path));
        Assert.False(DetectionReader.CanRead(folder.Path));
        Assert.Equal([split], SegmentationReader.Splits(folder.Path));
        SegmentationDataset data = SegmentationReader.Read(folder.Path);
        Assert.Equal($"{Path.GetFileName(folder.Path)}/{split}", data.Name);
        Assert.Equal([folder[$"{images}/a.jpg"], folder[$"{images}/b.png"]], data.Samples.Select(sample => sample.File));
        Assert.Equal([0, 1, 0, 1, 0, 1], Row(data));
        Assert.Equal([1, 0, 1, 0, 1, 0], Row(data, 1));
    }

    [Fact]
    public void TheLayoutOfCamVidIsRead()
    {
        folder.Write("classes.txt", "Sky\nRoad\n\nUnlabeled\n");
        Add("train/a.jpg", "trainannot/a.png", 0, 1, 2);
        Add("val/b.jpg", "valannot/b.png", 1);
        SegmentationDataset train = SegmentationReader.Read(folder.Path), val = SegmentationReader.Read(folder.Path, split: "val");
        Assert.Equal(["0 Sky", "1 Road"], Names(train));
        Assert.Equal(train.Categories, val.Categories);
        Assert.Null(train.Colors);
        Assert.Equal([0, 1, 255, 0, 1, 255], Row(train));
        Assert.Single(val.Samples);
        Assert.Empty(train.Report.Problems);
        Assert.StartsWith($"{folder.Path}: no split 'test'; available: train, val.",
            Assert.Throws<InputException>(() => SegmentationReader.Read(folder.Path, split: "test")).Message);
    }

    [Theory]
    [InlineData("class_dict.csv", "name,r,g,b\nroad,128,64,128\nVoid,0,0,0\nsky,70,130,180\n")]
    [InlineData("label_colors.txt", "128 64 128\troad\n0 0 0\tVoid\n70 130 180\t\tsky\n")]
    [InlineData("labelmap.txt", "# label:color_rgb:parts:actions\nroad:128,64,128::\nVoid:0,0,0::\nsky:70,130,180::\n")]
    [InlineData("classes.txt", "road 128 64 128\nVoid 0 0 0\nsky 70 130 180")]
    public void ColorsAreReadByTheirTable(string file, string table)
    {
        folder.Write(file, table);
        folder.WritePlain("images/a.jpg", 6, 4);
        folder.WriteColorMask("masks/a.png", 6, 4, (x, _) => x < 2 ? (128, 64, 128) : x < 5 ? (70, 130, 180) : default);
        SegmentationDataset data = SegmentationReader.Read(folder.Path);
        Assert.Equal(["0 road", "2 sky"], Names(data));
        Assert.Equal([(128, 64, 128), (70, 130, 180)], data.Colors!);
        Assert.Equal([0, 0, 1, 1, 1, 255], Row(data));
        // Numbers count the lines of the table.
        folder.WriteMask("masks/a.png", 6, 4, (x, _) => x % 3);
        Assert.Equal([0, 255, 1, 0, 255, 1], Row(SegmentationReader.Read(folder.Path)));
    }

    [Fact]
    public void NumbersWithoutNamesAreClasses()
    {
        Add("images/train/a.jpg", "masks/train/a.png", 3, 7, 255);
        Add("images/val/a.jpg", "masks/val/a.png", 9);
        SegmentationDataset data = SegmentationReader.Read(folder.Path, split: "train");
        Assert.Equal(["3 class 3", "7 class 7", "9 class 9"], Names(data));
        Assert.Equal([0, 1, 255, 0, 1, 255], Row(data));
        Assert.Equal(
            $"{folder.Path}: no file names the classes, so each number in the masks is one (3, 7, 9); name them in classes.txt",
            Assert.Single(data.Report.Problems).ToString());
    }

    [Fact]
    public void BlackAndWhiteAreTwoClasses()
    {
        Add("images/a.jpg", "masks/a.png", 0, 255);
        SegmentationDataset data = SegmentationReader.Read(folder.Path);
        Assert.Equal(["0 background", "255 foreground"], Names(data));
        Assert.Equal([0, 1, 0, 1, 0, 1], Row(data));
        Assert.Equal(
            $"{folder.Path}: the masks are black and white, so white (255) is read as 'foreground', not as pixels to ignore",
            Assert.Single(data.Report.Problems).ToString());

        folder.Write("classes.txt", "skin\nmole\n");
        folder.WriteColorMask("masks/a.png", 6, 4, (x, _) => x < 3 ? default : (255, 255, 255));
        data = SegmentationReader.Read(folder.Path);
        Assert.Equal([0, 0, 0, 1, 1, 1], Row(data));
        Assert.Equal($"{folder.Path}: the masks are black and white, so white (255) is read as 'mole', not as pixels to ignore",
            Assert.Single(data.Report.Problems).ToString());

        // Where the table says its colors nothing is guessed, in gray or in color.
        folder.Write("classes.txt", "skin 255 255 255\nmole 0 0 0\n");
        Assert.Equal([1, 1, 1, 0, 0, 0], Row(SegmentationReader.Read(folder.Path)));
        folder.WriteMask("masks/a.png", 6, 4, (x, _) => x < 3 ? 0 : 255);
        data = SegmentationReader.Read(folder.Path);
        Assert.Equal([1, 1, 1, 0, 0, 0], Row(data));
        Assert.Empty(data.Report.Problems);

        // Two classes as they should be: 255 is ignored.
        folder.Write("classes.txt", "skin\nmole\n");
        folder.WriteMask("masks/a.png", 6, 4, (x, _) => new[] { 0, 1, 255 }[x % 3]);
        Assert.Equal([0, 1, 255, 0, 1, 255], Row(SegmentationReader.Read(folder.Path)));
        folder.WriteMask("masks/a.png", 6, 4, (_, _) => 255);
        Assert.All(Row(SegmentationReader.Read(folder.Path)), value => Assert.Equal(255, value));
        File.Delete(folder["classes.txt"]);
        Assert.EndsWith("save them as PNG with the class number in each pixel.",
            Assert.Throws<InputException>(() => SegmentationReader.Read(folder.Path)).Message);
    }

    [Fact]
    public void ColorsWithoutATableAreRefused()
    {
        folder.WritePlain("images/a.jpg", 6, 4);
        string mask = folder.WriteColorMask("masks/a.png", 6, 4, (x, _) => (9, 8, (byte)x));
        Assert.Equal(
            $"{folder.Path}: its masks are in color (such as 9,8,0 in {mask}), but no file maps colors to classes; add " +
            "class_dict.csv with a line name,r,g,b for each class, or save the masks as numbers.",
            Assert.Throws<InputException>(() => SegmentationReader.Read(folder.Path)).Message);
    }

    [Fact]
    public void WhatCannotBeUsedIsNamedAndLeftOut()
    {
        folder.Write("classes.txt", "a\nb\nc\n");
        Add("images/good.jpg", "masks/good.png", 0, 1, 2);
        folder.WritePlain("images/lonely.jpg", 6, 4);
        folder.WriteMask("masks/orphan_mask.png", 6, 4, (_, _) => 0);
        folder.WritePlain("images/jpeg.jpg", 6, 4);
        folder.WritePlain("masks/jpeg.jpg", 6, 4);
        folder.WritePlain("images/large.jpg", 12, 8);
        folder.WriteMask("masks/large.png", 6, 4, (_, _) => 0);
        Add("images/turned.jpg", "masks/turned.png", 0);
        folder.WritePlain("images/turned.jpg", 4, 6);
        folder.WritePlain("images/text.jpg", 6, 4);
        folder.Write("masks/text.png", "words");
        Add("images/broken.jpg", "masks/broken.png", 0);
        folder.Write("images/broken.jpg", "words");
        // A preview of the same name does not stand in the way of the mask.
        folder.WritePlain("masks/good.jpg", 6, 4);
        folder.Write("masks/.hidden.png", "words");

        SegmentationDataset data = SegmentationReader.Read(folder.Path);
        Assert.Equal(folder["images/good.jpg"], Assert.Single(data.Samples).File);
        Assert.Equal(folder["masks/good.png"], data.Samples[0].MaskFile);
        Assert.Equal(new[]
        {
            $"MissingImage {folder["masks/orphan_mask.png"]}: no image in {folder["images"]} has the name of this mask; left out",
            $"MissingAnnotations {folder["images/lonely.jpg"]}: there is no mask {folder["masks/lonely.png"]}; left out",
            $"UnreadableAnnotations {folder["images/jpeg.jpg"]}: {folder["masks/jpeg.jpg"]}: the mask is a JPEG, which changes the " +
                "values of its pixels; save it as PNG from the tool it was drawn in.",
            $"SizeMismatch {folder["images/large.jpg"]}: the image is 12×8, but its mask {folder["masks/large.png"]} is 6×4; left out, " +
                "draw the mask at the image's size",
            $"SizeMismatch {folder["images/turned.jpg"]}: the image is 4×6, but its mask {folder["masks/turned.png"]} is 6×4 (its EXIF " +
                "orientation turns it); left out, draw the mask at the image's size",
            $"UnreadableAnnotations {folder["images/text.jpg"]}: {folder["masks/text.png"]}: the mask is not a complete PNG file; save " +
                "it as PNG.",
            $"UnreadableImage {folder["images/broken.jpg"]}: not an image that can be decoded (JPEG, PNG, BMP, TIFF or WebP is " +
                "expected); convert it or remove it.",
        }.Order(), data.Report.Problems.Select(problem => $"{problem.Kind} {problem}").Order());

        folder.Write("images/good.jpg", "words");
        Assert.StartsWith(
            $"{folder.Path}: none of the 7 images of split 'all' can be used: 1 missing image left out, 2 unreadable images left out",
            Assert.Throws<InputException>(() => SegmentationReader.Read(folder.Path)).Message);
    }

    [Fact]
    public void LabelsFollowAModelsClassesByName()
    {
        folder.Write("classes.txt", "road 1 1 1\nsky 2 2 3\nyak 4 4 4\n");
        Add("images/a.jpg", "masks/a.png", 0, 1, 2);
        Category[] known = [new(5, "sky"), new(6, "sea"), new(7, "road")];
        SegmentationDataset data = SegmentationReader.Read(folder.Path, categories: known);
        Assert.Equal(known, data.Categories);
        Assert.Equal([2, 0, 255, 2, 0, 255], Row(data));
        Assert.Null(data.Colors);
        Assert.Equal($"{data.Name}: class 'yak' is not among the model's; its pixels are ignored",
            Assert.Single(data.Report.Problems).ToString());
        Assert.Equal([(2, 2, 3), (1, 1, 1)], SegmentationReader.Read(folder.Path, categories: [new(0, "sky"), new(1, "road")]).Colors!);
        Assert.Contains("none of which the model knows",
            Assert.Throws<InputException>(() => SegmentationReader.Read(folder.Path, categories: [new(0, "x")])).Message);
    }

    [Fact]
    public void AConfigNamesFoldersAndClasses()
    {
        folder.Write("set/config.yaml",
            "train:\n  images: ../pictures\n  masks: drawn\nclasses:\n  0: unlabeled\n  3: cup\n  200: table\n");
        Add("pictures/a.jpg", "set/drawn/a.png", 0, 3, 200);
        Assert.Equal(["train"], SegmentationReader.Splits(folder["set"]));
        SegmentationDataset data = SegmentationReader.Read(folder["set"]);
        Assert.Equal(["3 cup", "200 table"], Names(data));
        Assert.Equal([255, 0, 1, 255, 0, 1], Row(data));

        folder.Write("set/config.yaml", "train:\n  images: gone\n  masks: drawn\nclasses: [a, b]\n");
        Assert.Equal(
            $"{folder["set/config.yaml"]}: it names {folder["set/gone"]} for train, but there is no such folder; create it or correct " +
                "the path.",
            Assert.Throws<InputException>(() => SegmentationReader.Read(folder["set"], DatasetFormat.Masks)).Message);
    }

    [Theory]
    [InlineData("a\nb\na\n", "two classes are called 'a'")]
    [InlineData("a 1 2 3\nb 1 2 3\n", "a and b have the same color")]
    [InlineData("a 1 2 3\nb\n", "b has no color, while others have one")]
    [InlineData("a 1 2 300\n", "'a 1 2 300' has no color of three numbers from 0 to 255")]
    [InlineData("\n# nothing\n", "the file lists none")]
    public void BadTablesAreAnswered(string table, string problem)
    {
        string file = folder.Write("classes.txt", table);
        Add("images/a.jpg", "masks/a.png", 0);
        Assert.Equal($"{file}: expected one class per line, such as 'road' or 'road,128,64,128', but {problem}; correct it.",
            Assert.Throws<InputException>(() => SegmentationReader.Read(folder.Path)).Message);
    }

    [Fact]
    public void NamesMayHaveSpacesAndDigits()
    {
        ClassTable table = ClassTable.Read(folder.Write("t.txt", "traffic light 250 170 30\n\"lane 2\", 1, 2, 3\n9 8 7 road side\n"));
        Assert.Equal([new(0, "traffic light", (250, 170, 30)), new(1, "lane 2", (1, 2, 3)), new(2, "road side", (9, 8, 7))], table.Entries);
        Assert.Equal(["2 door car", "lane 2 3"],
            ClassTable.Read(folder.Write("t.txt", "2 door car\nlane 2 3\n")).Entries.Select(entry => entry.Name));
        folder.Write("t.txt", string.Join('\n', Enumerable.Range(0, 257).Select(i => $"class {i}")));
        Assert.Contains("more than 256 lines", Assert.Throws<InputException>(() => ClassTable.Read(folder["t.txt"])).Message);
    }

    [Fact]
    public void TooManyClassesAreRefused()
    {
        folder.Write("classes.txt", string.Join('\n', Enumerable.Range(0, 256).Select(i => $"class {i}")));
        Add("images/a.jpg", "masks/a.png", 0);
        Assert.EndsWith("there are 256 classes, but a map can hold only 255; merge some.",
            Assert.Throws<InputException>(() => SegmentationReader.Read(folder.Path)).Message);
    }
}
