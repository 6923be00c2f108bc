using OpenCvSharp;
using Vision.Testing;
using static Vision.Data.Tests.VocFolder;

namespace Vision.Data.Tests.Checking;

public sealed class DatasetCheckTests
{
    [Fact]
    public void WhatIsWrongIsFoundAndNamed()
    {
        using TempFolder folder = new();
        string yaml = "names: [cat, dog, yak]\ntrain: images/train\nval: images/val\n";
        folder.Write("data.yaml", yaml);
        using Mat noise = Pictures.Noise(60, 40, 1);
        byte[] jpeg = noise.Encoded(".jpg");
        folder.Write("images/train/a.jpg", jpeg);
        folder.Write("images/val/same.jpg", jpeg);
        using Mat other = Pictures.Noise(60, 40, 2);
        folder.Write("images/train/turned.jpg", Pictures.WithOrientation(other.Encoded(".jpg"), 6));
        folder.Write("images/train/cut.jpg", jpeg[..(jpeg.Length / 2)]);
        folder.Write("labels/train/a.txt", "0 0.5 0.5 0.5 0.5\n0 0.501 0.5 0.5 0.5\n0 0.5 0.5 0 0.5\n9 0.5 0.5 0.1 0.1");
        folder.Write("labels/train/cut.txt", "1 0.5 0.5 0.5 0.5");
        folder.Write("labels/train/turned.txt", "0 0.5 0.5 0.5 0.5");
        folder.Write("labels/val/same.txt", "1 0.5 0.5 0.5 0.5");

        List<(int, int)> progress = [];
        DatasetCheck check = DatasetCheck.Run(folder.Path, progress: (done, total) => progress.Add((done, total)));
        Assert.Equal(Enumerable.Range(1, 4).Select(i => (i, 4)), progress);
        Assert.Equal(["train", "val"], check.Splits.Select(split => split.Name));
        string[] found = [.. check.Report.Problems.Select(problem => $"{problem.Kind} {problem}")];
        string name = $"{Path.GetFileName(folder.Path)}/train";
        Assert.Equal(new[]
        {
            $"DegenerateBox {folder["labels/train/a.txt"]}: line 3: the box (30, 10, 30, 30) has no area; left out",
            $"UnknownClass {folder["labels/train/a.txt"]}: line 4: class 9 has no name in the data set (0 to 2 have); left out",
            $"UnreadableImage {folder["images/train/cut.jpg"]}: the image is truncated (it ends after {jpeg.Length / 2} bytes without " +
                "its end marker); copy it again or remove it.",
            $"TurnedImage {folder["images/train/turned.jpg"]}: its EXIF orientation is 6, and it is read upright; labels made on the " +
                "stored image of 60×40 would be misplaced",
            $"DuplicateImage {folder["images/val/same.jpg"]}: the same image as {folder["images/train/a.jpg"]}, which is in train, while " +
                "this one is in val: evaluation results would be too good",
            $"DuplicateBox {folder["images/train/a.jpg"]}: annotation 2: the same cat as annotation 1, (15.1, 10, 45.1, 30)",
            $"UnusedClass {name}: class yak: has no objects and cannot be learned",
        }.Order(), found.Order());
        Assert.Equal(3, check.Report.Problems.Count(problem => problem.Kind.IsError()));
        Assert.StartsWith("1 unreadable image left out, 1 object of unknown class",
            check.Report.Summary.Replace("1 box without area left out, ", ""));
    }

    [Fact]
    public void ASplitThatCannotBeReadAndASegmentBesideItsBoxAreFound()
    {
        using TempFolder folder = new();
        const string Categories = """ "categories":[{"id":1,"name":"dog"}]""";
        folder.WritePlain("images/train/a.png", 60, 40);
        folder.Write("annotations/instances_train.json", $$"""
            {"images":[{"id":1,"file_name":"a.png"}],"annotations":[
             {"id":1,"image_id":1,"category_id":1,"bbox":[1,1,20,20],"segmentation":[[30,30,50,30,50,38]]},
             {"id":2,"image_id":1,"category_id":1,"bbox":[30,30,20,8],"segmentation":[[30,30,50,30,50,38]]}],{{Categories}}}
            """);
        folder.Write("annotations/instances_val.json",
            $$"""{"images":[{"id":1,"file_name":"gone.png"}],"annotations":[],{{Categories}}}""");
        DatasetProblem[] problems = [.. DatasetCheck.Run(folder.Path).Report.Problems];
        Assert.Equal([DatasetProblemKind.UnreadableAnnotations, DatasetProblemKind.SegmentBesideBox],
            problems.Select(problem => problem.Kind));
        Assert.Contains("its images were not found", problems[0].Detail);
        Assert.Equal($"{folder["images/train/a.png"]}: annotation 1: its segment spans (30, 30, 50, 38), but its box is (1, 1, 21, 21)",
            problems[1].ToString());
    }

    [Fact]
    public void OverlappingSplitsAreNoRepetition()
    {
        using TempFolder folder = new();
        folder.Add("a", Object("dog", 1, 1, 20, 20));
        folder.List("train", "a");
        folder.List("trainval", "a");
        DatasetCheck check = DatasetCheck.Run(folder.Path);
        Assert.Empty(check.Report.Problems);
        Assert.Equal("train, trainval", Assert.Single(check.Samples).Splits);
    }

    [SkippableFact]
    public void RealDataIsChecked()
    {
        DatasetReport report = DatasetCheck.Run(SharedData.Find("data/bccd")).Report;
        Assert.Contains(report.Problems, problem => problem.Kind == DatasetProblemKind.DegenerateBox
            && problem.File.EndsWith("BloodImage_00343.xml", StringComparison.Ordinal));
        Assert.DoesNotContain(report.Problems, problem =>
            problem.Kind is DatasetProblemKind.UnreadableImage or DatasetProblemKind.DuplicateImage);
    }
}
