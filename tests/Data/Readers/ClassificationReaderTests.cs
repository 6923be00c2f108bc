using OpenCvSharp;
using Vision.Testing;

namespace Vision.Data.Tests.Readers;

public sealed class ClassificationReaderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private void WriteImages(string place, int count)
    {
        for (int i = 0; i < count; i++) folder.WritePlain($"{place}/{i}.png", 12, 10);
    }

    [Fact]
    public void AFolderPerClassIsRead()
    {
        WriteImages("dog", 3);
        WriteImages("cat/more", 2);
        Assert.Equal(DatasetFormat.Folders, ClassificationReader.Detect(folder.Path));
        ClassificationDataset data = ClassificationReader.Read(folder.Path);
        Assert.Equal([new Category(0, "cat"), new Category(1, "dog")], data.Categories);
        Assert.Equal([0, 0, 1, 1, 1], data.Samples.Select(sample => sample.Label));
        using Mat image = data.Samples[0].Read();
        Assert.Equal((12, 10), (image.Width, image.Height));
        Assert.Empty(data.Report.Problems);
    }

    [Fact]
    public void SplitsAgreeOnClasses()
    {
        WriteImages("train/a", 2);
        WriteImages("train/b", 2);
        WriteImages("val/b", 1);
        WriteImages("val/c", 1);
        Assert.Equal(["train", "val"], ClassificationReader.Splits(folder.Path));
        ClassificationDataset train = ClassificationReader.Read(folder.Path), val = ClassificationReader.Read(folder.Path, split: "val");
        Assert.Equal(["a", "b", "c"], train.Categories.Select(category => category.Name));
        Assert.Equal(train.Categories, val.Categories);
        Assert.Equal([1, 2], val.Samples.Select(sample => sample.Label));
        Assert.EndsWith("/val", val.Name);
    }

    [Fact]
    public void AClassMayBeCalledTrain()
    {
        WriteImages("train", 2);
        WriteImages("plane", 2);
        Assert.Equal(["plane", "train"], ClassificationReader.Read(folder.Path).Categories.Select(category => category.Name));
    }

    [Fact]
    public void WhatCannotBeUsedIsNamedAndLeftOut()
    {
        WriteImages("a", 2);
        folder.Write("b/empty.png", "");
        folder.Write("a/notes.txt", "dull");
        folder.Write("a/broken.jpg", "no image");
        folder.Write("a/.thumbnail", "hidden");
        folder.Write("list.csv", "outside");
        ClassificationDataset data = ClassificationReader.Read(folder.Path);
        Assert.Equal(2, data.Samples.Count);
        string[] lines = [.. data.Report.Problems.Select(problem => $"{problem.Kind} {Path.GetRelativePath(folder.Path, problem.File)}")
            .Order(StringComparer.Ordinal)];
        Assert.Equal(["EmptyClass b", "OddFile a/notes.txt", "OddFile list.csv", "UnreadableImage a/broken.jpg",
            "UnreadableImage b/empty.png"], lines);
        Assert.StartsWith("2 unreadable images left out, 2 files that are not images of a class left out, 1 class without images kept",
            data.Report.Summary);
    }

    [Fact]
    public void LabelsFollowAModelsClassesByName()
    {
        WriteImages("cat", 1);
        WriteImages("dog", 1);
        WriteImages("yak", 1);
        Category[] known = [new(7, "dog"), new(9, "horse"), new(3, "cat")];
        ClassificationDataset data = ClassificationReader.Read(folder.Path, categories: known);
        Assert.Equal([2, 0], data.Samples.Select(sample => sample.Label));
        Assert.Equal(known, data.Categories);
        Assert.Equal(DatasetProblemKind.UnknownClass, Assert.Single(data.Report.Problems).Kind);

        // Where no name is common, as many classes are taken in their order.
        Assert.Equal([0, 1, 2], ClassificationReader.Read(folder.Path,
            categories: [new(1, "x"), new(2, "y"), new(3, "z")]).Samples.Select(sample => sample.Label));
        Assert.Contains("none of which the model knows (x, y)",
            Assert.Throws<InputException>(() => ClassificationReader.Read(folder.Path, categories: [new(1, "x"), new(2, "y")])).Message);
    }

    [Fact]
    public void CifarsRecordsAreRead()
    {
        byte[] records = new byte[2 * 3073 + 100];
        records[0] = 3;
        records[3073] = 1;
        records[3073 + 1 + 2 * 32 + 5] = 200;                 // red of row 2, column 5
        records[3073 + 1 + 1024 + 2 * 32 + 5] = 100;          // green
        records[3073 + 1 + 2048 + 2 * 32 + 5] = 50;           // blue
        folder.Write("data_batch_1.bin", records);
        folder.Write("batches.meta.txt", "a\nb\nc\nd\n\n");
        Assert.Equal(DatasetFormat.Cifar10, ClassificationReader.Detect(folder.Path));
        ClassificationDataset data = ClassificationReader.Read(folder.Path);
        Assert.Equal(["a", "b", "c", "d"], data.Categories.Select(category => category.Name));
        Assert.Equal([3, 1], data.Samples.Select(sample => sample.Label));
        using Mat image = data.Samples[1].Read();
        Assert.Equal(new Vec3b(200, 100, 50), image.Get<Vec3b>(2, 5));
        Assert.Contains("record 3", Assert.Single(data.Report.Problems).ToString());
    }

    [SkippableFact]
    public void RealCifarIsRead()
    {
        string place = SharedData.Find("data/cifar10");
        Assert.Equal(["train", "test"], ClassificationReader.Splits(place));
        ClassificationDataset test = ClassificationReader.Read(place, split: "test");
        Assert.Equal(5000, test.Samples.Count);
        Assert.Equal(("airplane", "truck"), (test.Categories[0].Name, test.Categories[9].Name));
        Assert.Equal(20000, ClassificationReader.Read(place).Samples.Count);
    }

    [Fact]
    public void OtherFoldersAreRefusedWithWhatWasLookedFor()
    {
        folder.Write("notes.txt", "nothing");
        Assert.Contains("a folder of images for each class",
            Assert.Throws<InputException>(() => ClassificationReader.Detect(folder.Path)).Message);
        Assert.Contains("has boxes", Assert.Throws<InputException>(() =>
            ClassificationReader.Read(folder.Path, DatasetFormat.Voc)).Message);
        Assert.Contains("has no boxes",
            Assert.Throws<InputException>(() => DetectionReader.Read(folder.Path, DatasetFormat.Cifar10)).Message);
        WriteImages("a", 1);
        Assert.Contains("no split 'val'; available: all",
            Assert.Throws<InputException>(() => ClassificationReader.Read(folder.Path, split: "val")).Message);
    }

    [Fact]
    public void APartOfEachClassIsHeldOut()
    {
        WriteImages("a", 30);
        WriteImages("b", 10);
        ClassificationDataset data = ClassificationReader.Read(folder.Path);
        (ClassificationDataset train, ClassificationDataset held) = data.Split(0.2, seed: 4);
        Assert.Equal([6, 2], held.Samples.CountBy(sample => sample.Label).OrderBy(count => count.Key).Select(count => count.Value));
        Assert.Equal(data.Samples.Select(sample => sample.Name).Order(),
            train.Samples.Concat(held.Samples).Select(sample => sample.Name).Order());
        Assert.Equal(held.Samples.Select(sample => sample.Name), data.Split(0.2, seed: 4).HeldOut.Samples.Select(sample => sample.Name));
    }
}
