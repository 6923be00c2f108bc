using Vision.Testing;
using static Vision.Data.Tests.VocFolder;

namespace Vision.Data.Tests.Readers;

public sealed class DetectionReaderTests
{
    private const string Coco = """
        {"images":[{"id":1,"file_name":"a.jpg"}],
         "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,1,9,9]}],
         "categories":[{"id":1,"name":"dog"}]}
        """;

    [Theory]
    [InlineData("annotations/instances_train2017.json", "train2017/a.jpg", "train2017")]
    [InlineData("annotations/instances_train2017.json", "images/train2017/a.jpg", "train2017")]
    [InlineData("instances_train2017.json", "images/train2017/a.jpg", "train2017")]
    [InlineData("annotations/train.json", "images/a.jpg", "train")]
    [InlineData("train/_annotations.coco.json", "train/a.jpg", "train")]
    [InlineData("everything.json", "a.jpg", "everything")]
    public void CocoIsFoundInTheUsualPlaces(string json, string image, string split)
    {
        using TempFolder folder = new();
        folder.Write(json, Coco);
        folder.Write("notes/other.json", """{"shapes":[]}""");
        folder.WritePlain(image, 60, 40);
        Assert.Equal(DatasetFormat.Coco, DetectionReader.Detect(folder.Path));
        Assert.Equal([split], DetectionReader.Splits(folder.Path));
        DetectionDataset data = DetectionReader.Read(folder.Path);
        Assert.Equal($"{Path.GetFileName(folder.Path)}/{split}", data.Name);
        Assert.Equal(folder[image], Assert.Single(data.Samples).File);
    }

    [Fact]
    public void CaptionsAndKeypointsAreNoSplits()
    {
        using TempFolder folder = new();
        foreach (string name in new[] { "instances_train2017", "instances_val2017", "captions_train2017", "person_keypoints_val2017" })
            folder.Write($"annotations/{name}.json", Coco);
        folder.WritePlain("val2017/a.jpg", 60, 40);
        Assert.Equal(["train2017", "val2017"], DetectionReader.Splits(folder.Path));
        Assert.EndsWith("/val2017", DetectionReader.Read(folder.Path, DatasetFormat.Auto, "val").Name);
        Assert.Equal($"{folder["annotations/instances_train2017.json"]}: its images were not found: there is no a.jpg in "
            + $"{folder["images/train2017"]}, {folder["train2017"]}, {folder["images"]}, {folder["JPEGImages"]}, " +
                $"{folder["annotations/images"]}, {folder["annotations"]}, {folder.Path}; put them into one of these folders.",
            Assert.Throws<InputException>(() => DetectionReader.Read(folder.Path)).Message);
    }

    [Fact]
    public void VocIsFound()
    {
        using TempFolder folder = new();
        folder.Add("a", Object("dog", 1, 1, 9, 9));
        folder.List("train", "a");
        folder.List("trainval", "a");
        Assert.Equal(DatasetFormat.Voc, DetectionReader.Detect(folder.Path));
        Assert.Equal(["train", "trainval"], DetectionReader.Splits(folder.Path));
        Assert.EndsWith("/train", DetectionReader.Read(folder.Path).Name);
    }

    [Fact]
    public void ASplitThatMayBeSeveralIsAskedFor()
    {
        using TempFolder folder = new();
        folder.Write("annotations/instances_train2014.json", Coco);
        folder.Write("annotations/instances_train2017.json", Coco);
        Assert.Equal($"{folder.Path}: split 'train' may be train2014 or train2017; give its full name.",
            Assert.Throws<InputException>(() => DetectionReader.Read(folder.Path)).Message);
        Assert.Equal($"{folder.Path}: no split 'val'; available: train2014, train2017.",
            Assert.Throws<InputException>(() => DetectionReader.Read(folder.Path, DatasetFormat.Coco, "val")).Message);
    }

    [Fact]
    public void WhatItLookedForIsSaid()
    {
        using TempFolder folder = new();
        folder.WritePlain("a.jpg", 2, 2);
        Assert.Equal(
            $"{folder.Path}: no annotations found; looked for COCO (a json file with images, annotations and categories in the folder, " +
            "in its annotations folder, or next to the images of each split), "
            + "for VOC (Annotations/*.xml with JPEGImages, or XML files next to their images), for YOLO (data.yaml or config.yaml with " +
                "names and train; or classes.txt with images and labels).", Message(folder.Path));
        Assert.Equal($"{folder["a.jpg"]}: this is a file; give the folder that holds it.", Message(folder["a.jpg"]));
        Assert.Equal($"{folder["b"]}: no such folder; check the path.", Message(folder["b"]));

        folder.Write("coco.json", Coco);
        folder.Add("a", Object("dog", 1, 1, 9, 9));
        Assert.Equal($"{folder.Path}: holds both COCO and VOC annotations; choose the data format coco or voc.",
            Message(folder.Path));
        Assert.Single(DetectionReader.Read(folder.Path, DatasetFormat.Coco).Samples);
        Assert.Single(DetectionReader.Read(folder.Path, DatasetFormat.Voc).Samples);

        static string Message(string path) => Assert.Throws<InputException>(() => DetectionReader.Read(path)).Message;
    }
}
