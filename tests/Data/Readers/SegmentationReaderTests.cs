using Vision.Testing;

namespace Vision.Data.Tests.Readers;

public sealed class SegmentationReaderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static byte[] Row(SegmentationDataset data, int sample = 0) => data.Samples[sample].ReadMap().Classes[..6];

    [Theory]
    [InlineData("")]
    [InlineData("VOCdevkit/VOC2012/")]
    public void VocIsRead(string place)
    {
        foreach (string id in new[] { "a", "b" }) folder.WritePlain($"{place}JPEGImages/{id}.jpg", 6, 4);
        folder.Write($"{place}SegmentationClass/a.png",
            IndexPng.Encode([.. Enumerable.Repeat<byte[]>([0, 15, 15, 255, 20, 0], 4).SelectMany(row => row)], 6, 4));
        folder.WriteColorMask($"{place}SegmentationClass/b.png", 6, 4, (x, _) =>
            x < 3 ? (192, 128, 128) : x < 4 ? (224, 224, 192) : (128, 0, 0));
        folder.Write($"{place}ImageSets/Segmentation/train.txt", "a\n");
        folder.Write($"{place}ImageSets/Segmentation/val.txt", "b\ngone\n");
        Assert.Equal(DatasetFormat.Voc, SegmentationReader.Detect(folder.Path));
        Assert.Equal(["train", "val"], SegmentationReader.Splits(folder.Path));
        SegmentationDataset train = SegmentationReader.Read(folder.Path), val = SegmentationReader.Read(folder.Path, split: "val");
        Assert.Equal((21, "background", "person", "tvmonitor"),
            (train.Categories.Count, train.Categories[0].Name, train.Categories[15].Name, train.Categories[20].Name));
        Assert.Equal((192, 128, 128), train.Colors![15]);
        Assert.Equal([0, 15, 15, 255, 20, 0], Row(train));
        Assert.Empty(train.Report.Problems);
        Assert.Equal([15, 15, 15, 255, 1, 1], Row(val));
        Assert.Equal(DatasetProblemKind.MissingImage, Assert.Single(val.Report.Problems).Kind);
    }

    [Fact]
    public void VocOfOtherClassesSaysThem()
    {
        folder.WritePlain("JPEGImages/a.png", 6, 4);
        folder.Write("labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\nleaf:51,221,255::\n");
        folder.WriteColorMask("SegmentationClass/a.png", 6, 4, (x, _) => x < 3 ? default : (51, 221, 255));
        SegmentationDataset data = SegmentationReader.Read(folder.Path);
        Assert.EndsWith("/all", data.Name);
        Assert.Equal(["background", "leaf"], data.Categories.Select(category => category.Name));
        Assert.Equal([0, 0, 0, 1, 1, 1], Row(data));

        File.Delete(folder["labelmap.txt"]);
        folder.Write("class_names.txt", "_background_\nstem\n");
        folder.Write("classes.txt", "of boxes, without the background\n");
        folder.Write("SegmentationClass/a.png",
            IndexPng.Encode([.. Enumerable.Repeat<byte[]>([0, 1, 1, 255, 0, 0], 4).SelectMany(row => row)], 6, 4));
        data = SegmentationReader.Read(folder.Path);
        Assert.Equal(["_background_", "stem"], data.Categories.Select(category => category.Name));
        Assert.Equal([0, 1, 1, 255, 0, 0], Row(data));
    }

    [Fact]
    public void CityscapesIsRead()
    {
        foreach (string image in new[] { "train/aachen/aachen_1", "train/bochum/bochum_1", "val/ulm/ulm_1" })
            folder.WritePlain($"leftImg8bit/{image}_leftImg8bit.png", 6, 4);
        folder.WritePlain("leftImg8bit/demo/x_leftImg8bit.png", 6, 4);
        folder.WriteMask("gtFine/train/aachen/aachen_1_gtFine_labelIds.png", 6, 4, (x, _) => new[] { 7, 8, 33, 0, 29, 255 }[x]);
        folder.WriteMask("gtFine/train/aachen/aachen_1_gtFine_instanceIds.png", 6, 4, (_, _) => 99);
        folder.WriteMask("gtFine/train/bochum/bochum_1_gtFine_labelTrainIds.png", 6, 4, (x, _) => new[] { 0, 1, 18, 255, 255, 13 }[x]);
        folder.WriteMask("gtFine/val/ulm/ulm_1_gtFine_labelIds.png", 6, 4, (_, _) => 34);
        Assert.Equal(DatasetFormat.Cityscapes, SegmentationReader.Detect(folder.Path));
        Assert.Equal(["train", "val"], SegmentationReader.Splits(folder.Path));
        SegmentationDataset data = SegmentationReader.Read(folder.Path);
        Assert.Equal((19, "road", "bicycle"), (data.Categories.Count, data.Categories[0].Name, data.Categories[18].Name));
        Assert.Equal((0, 0, 142), data.Colors![13]);
        Assert.Equal([0, 1, 18, 255, 255, 255], Row(data));
        Assert.Equal([0, 1, 18, 255, 255, 13], Row(data, 1));
        SegmentationSample unknown = SegmentationReader.Read(folder.Path, split: "val").Samples[0];
        Assert.Contains("holds 34 (24 pixels), which is not a class", Assert.Throws<InputException>(() => unknown.ReadMap()).Message);
    }

    private const string Panoptic = """
        {"images":[{"id":1,"file_name":"a.jpg"},{"id":2,"file_name":"b.jpg"}],
         "annotations":[
          {"image_id":1,"file_name":"a.png","segments_info":[
           {"id":7,"category_id":200},{"id":66051,"category_id":5,"iscrowd":1},{"id":8,"category_id":99}]},
          {"image_id":9,"file_name":"c.png","segments_info":[]},
          {"image_id":2,"segments_info":[{"id":7,"category_id":5}]}],
         "categories":[{"id":200,"name":"rug","color":[1,2,3]},{"id":5,"name":"plane","color":[4,5,6]}]}
        """;

    [Theory]
    [InlineData("set/annotations/", "images/train2017/")]
    [InlineData("set/annotations/", "set/train2017/")]
    [InlineData("set/", "set/images/")]
    public void PanopticSegmentsBecomeClasses(string annotations, string images)
    {
        folder.Write($"{annotations}panoptic_train2017.json", Panoptic);
        folder.WritePlain($"{images}a.jpg", 6, 4);
        folder.WritePlain($"{images}b.jpg", 6, 4);
        // 66051 = 3 + 256·2 + 65536·1.
        folder.WriteColorMask($"{annotations}panoptic_train2017/a.png", 6, 4, (x, _) =>
            x switch { 0 => default, < 3 => (7, 0, 0), < 5 => (3, 2, 1), _ => (8, 0, 0) });
        folder.WriteColorMask($"{annotations}panoptic_train2017/b.png", 6, 4, (x, _) => x < 3 ? (7, 0, 0) : (9, 0, 0));
        Assert.Equal(DatasetFormat.Coco, SegmentationReader.Detect(folder["set"]));
        Assert.False(DetectionReader.CanRead(folder["set"]));
        SegmentationDataset data = SegmentationReader.Read(folder["set"]);
        Assert.Equal("set/train2017", data.Name);
        Assert.Equal([new Category(5, "plane"), new Category(200, "rug")], data.Categories);
        Assert.Equal([(4, 5, 6), (1, 2, 3)], data.Colors!);
        Assert.Equal([255, 1, 1, 0, 0, 255], Row(data));
        Assert.Contains("holds color 9,0,0 (12 pixels)", Assert.Throws<InputException>(() => Row(data, 1)).Message);
        string json = folder[$"{annotations}panoptic_train2017.json"];
        Assert.Equal(
        [
            $"{json}: segment 8 of image 1: category_id 99 is not among the file's categories; its pixels are ignored",
            $"{json}: annotation of image 9: no such image is listed with a file name; left out",
        ], data.Report.Problems.Select(problem => problem.ToString()));
    }

    /// <summary>Tools write colors of their own making, which must not keep boxes from being read.</summary>
    [Theory]
    [InlineData("\"#3de053\"")]
    [InlineData("[1,2]")]
    [InlineData("[1,2,300]")]
    [InlineData("null")]
    public void OddColorsOfCategoriesAreLeftOut(string color)
    {
        folder.WritePlain("images/a.jpg", 6, 4);
        folder.WritePlain("images/b.jpg", 6, 4);
        folder.WriteColorMask("annotations/panoptic_val/a.png", 6, 4, (_, _) => (7, 0, 0));
        folder.Write("annotations/panoptic_val.json", Panoptic.Replace("[1,2,3]", color));
        Assert.Null(SegmentationReader.Read(folder.Path).Colors);
        folder.Write("annotations/instances_val.json", $$"""
            {"images":[{"id":1,"file_name":"a.jpg"}],
             "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,1,3,3]}],
             "categories":[{"id":1,"name":"dog","color":{{color}}}]}
            """);
        Assert.Equal(["val"], DetectionReader.Splits(folder.Path));
        Assert.Single(DetectionReader.Read(folder.Path).Samples);
    }

    [Fact]
    public void PanopticWithoutItsMasksIsAnswered()
    {
        string json = folder.Write("annotations/panoptic_val.json", Panoptic);
        Assert.Equal($"{json}: its masks belong into the folder {folder["annotations/panoptic_val"]}, which does not exist; unpack them " +
            "there.",
            Assert.Throws<InputException>(() => SegmentationReader.Read(folder.Path)).Message);
        folder.Write("annotations/panoptic_val.json", "{}");
        Assert.Contains("it has no list of images", Assert.Throws<InputException>(() => SegmentationReader.Read(folder.Path)).Message);
    }

    [Fact]
    public void WhatItLookedForIsSaid()
    {
        Assert.Equal(
            $"{folder.Path}: no masks of classes found; looked for images and masks (images/train with masks/train, train/images with " +
            "train/masks, train with trainannot as CamVid has them, or images with masks), "
            + "for VOC (SegmentationClass/*.png with JPEGImages), for Cityscapes (leftImg8bit/train/CITY/*_leftImg8bit.png with gtFine), " +
                "for COCO (annotations/panoptic_train.json with the folder of masks next to it).",
            Assert.Throws<InputException>(() => SegmentationReader.Read(folder.Path)).Message);
        Assert.False(SegmentationReader.CanRead(folder.Path));
        Assert.Equal(
            "The data format yolo has no pixel classes to train on; choose masks or voc or cityscapes or coco, or a detector's name.",
            Assert.Throws<InputException>(() => SegmentationReader.Read(folder.Path, DatasetFormat.Yolo)).Message);
        Assert.Contains("has no boxes",
            Assert.Throws<InputException>(() => DetectionReader.Read(folder.Path, DatasetFormat.Masks)).Message);
        Assert.Contains("masks has masks, but a classifier",
            Assert.Throws<InputException>(() => ClassificationReader.Read(folder.Path, DatasetFormat.Masks)).Message);
        foreach (DatasetFormat format in new[] { DatasetFormat.Masks, DatasetFormat.Voc, DatasetFormat.Cityscapes, DatasetFormat.Coco })
            Assert.Contains($"{folder.Path}: no masks found; looked for",
                Assert.Throws<InputException>(() => SegmentationReader.Read(folder.Path, format)).Message);
        Assert.Equal($"{folder["gone"]}: no such folder; check the path.",
            Assert.Throws<InputException>(() => SegmentationReader.Read(folder["gone"])).Message);
    }

    [Fact]
    public void BoxesAreNoMasks()
    {
        folder.Write("data.yaml", "names: [cat]\ntrain: images/train\n");
        folder.WritePlain("images/train/a.jpg", 6, 4);
        folder.Write("labels/train/a.txt", "0 0.5 0.5 0.5 0.5");
        Assert.False(SegmentationReader.CanRead(folder.Path));
        Assert.True(DetectionReader.CanRead(folder.Path));
    }

    [Fact]
    public void MasksInAFolderCalledLabelsAreNoBoxes()
    {
        folder.Write("classes.txt", "cat\ndog\n");
        folder.WritePlain("images/a.jpg", 6, 4);
        folder.WriteMask("labels/a.png", 6, 4, (_, _) => 1);
        Assert.False(DetectionReader.CanRead(folder.Path));
        Assert.True(SegmentationReader.CanRead(folder.Path));
    }
}
