using OpenCvSharp;
using Vision.Testing;

namespace Vision.Data.Tests.Checking;

public sealed class SegmentationCheckTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private void Add(string split, string name, int seed, Func<int, int, int> value)
    {
        using Mat image = Pictures.Noise(10, 8, seed);
        folder.Write($"images/{split}/{name}.png", image.Encoded(".png"));
        folder.WriteMask($"masks/{split}/{name}.png", 10, 8, value);
    }

    [Fact]
    public void WhatIsWrongIsFoundAndNamed()
    {
        folder.Write("classes.txt", "road\nsky\ncar\nyak\nvoid\n");
        Add("train", "a", 1, (x, _) => x < 5 ? 0 : x < 8 ? 1 : 4);
        Add("train", "constant", 2, (_, _) => 1);
        Add("train", "ignored", 3, (_, _) => 255);
        Add("train", "unknown", 4, (x, _) => x < 9 ? 0 : 77);
        Add("train", "cut", 5, (x, _) => x % 2);
        byte[] whole = File.ReadAllBytes(folder["masks/train/cut.png"]);
        folder.Write("masks/train/cut.png", whole[..^10]);
        Add("train", "broken", 6, (x, _) => x % 2);
        byte[] image = File.ReadAllBytes(folder["images/train/broken.png"]);
        folder.Write("images/train/broken.png", image[..(image.Length / 2)]);
        Add("train", "lonely", 7, (x, _) => x % 2);
        File.Delete(folder["masks/train/lonely.png"]);
        Add("val", "same", 1, (x, _) => x < 5 ? 2 : 1);

        List<(int, int)> progress = [];
        SegmentationCheck check = SegmentationCheck.Run(folder.Path, progress: (done, total) => progress.Add((done, total)));
        Assert.Equal(Enumerable.Range(1, 7).Select(i => (i, 7)), progress);
        Assert.Equal(["train", "val"], check.Splits.Select(split => split.Name));
        Assert.Equal(new[]
        {
            $"MissingAnnotations {folder["images/train/lonely.png"]}: there is no mask {folder["masks/train/lonely.png"]}; left out",
            $"UnreadableAnnotations {folder["images/train/cut.png"]}: its mask cannot be used: {folder["masks/train/cut.png"]}: the mask " +
                "cannot be read (it is not a complete PNG file); replace it by an intact PNG.",
            $"UnreadableImage {folder["images/train/broken.png"]}: the image is truncated (it ends after {image.Length / 2} bytes " +
                "without its end marker); copy it again or remove it.",
            $"UnknownValue {folder["images/train/unknown.png"]}: its mask {folder["masks/train/unknown.png"]} holds 77 (8 pixels), which " +
                "is not a class; left out in training",
            $"ConstantMask {folder["images/train/constant.png"]}: its mask {folder["masks/train/constant.png"]} has only one class, sky",
            $"ConstantMask {folder["images/train/ignored.png"]}: its mask {folder["masks/train/ignored.png"]} ignores every pixel, so " +
                "nothing is learned",
            $"DuplicateImage {folder["images/val/same.png"]}: the same image as {folder["images/train/a.png"]}, which is in train, while " +
                "this one is in val: evaluation results would be too good",
            $"UnusedClass {folder.Path}: class road: has no pixels in val, but does in other splits",
            $"UnusedClass {folder.Path}: class car: has no pixels in train, but does in other splits",
            $"UnusedClass {folder.Path}: class yak: has no pixels and cannot be learned",
        }.Order(), check.Report.Problems.Select(problem => $"{problem.Kind} {problem}").Order());
        Assert.Equal(4, check.Report.Problems.Count(problem => problem.Kind.IsError()));

        // a, constant, ignored, unknown and same.
        Assert.Equal((5 * 80, 16 + 80 + 8), (check.Pixels, check.Ignored));
        Assert.Equal([(112, 2), (144, 3), (40, 1), (0, 0)], check.Classes.Select(entry => ((int)entry.Pixels, entry.Images)));
        Assert.Equal(1, check.Classes.Sum(entry => entry.Share), 1e-9);
        Assert.Equal(144 / 296.0, check.Classes[1].Share, 1e-9);
        Assert.Contains("1 mask with values that are not classes left out", check.Report.Summary);
    }

    [Fact]
    public void WhatIsMostlyIgnoredAndRareIsSaid()
    {
        folder.Write("classes.txt", "road\nsky\n");
        for (int i = 0; i < 101; i++)
        {
            int own = i;
            Add("train", $"{i:000}", i, (x, y) => x > 3 ? 255 : own == 0 && y == 0 ? 1 : 0);
        }
        SegmentationCheck check = SegmentationCheck.Run(folder.Path);
        Assert.Equal(
        [
            $"RareClass {folder.Path}: class sky: is in 1 of 101 images; show them more often with a repeat threshold",
            $"MostlyIgnored {folder.Path}: the masks ignore 60% of all pixels, from which nothing is learned",
        ], check.Report.Problems.Select(problem => $"{problem.Kind} {problem}"));
    }

    [Fact]
    public void ASplitThatCannotBeReadIsFoundAndSharedImagesCountOnce()
    {
        folder.WritePlain("JPEGImages/a.jpg", 6, 4);
        folder.Write("SegmentationClass/a.png", IndexPng.Encode([.. Enumerable.Range(0, 24).Select(i => (byte)(i % 2))], 6, 4));
        foreach (var (split, ids) in new[] { ("train", "a"), ("trainval", "a"), ("val", "gone") })
            folder.Write($"ImageSets/Segmentation/{split}.txt", ids);
        SegmentationCheck check = SegmentationCheck.Run(folder.Path);
        Assert.Equal("train, trainval", Assert.Single(check.Samples).Splits);
        Assert.Equal(24, check.Pixels);
        DatasetProblem[] errors = [.. check.Report.Problems.Where(problem => problem.Kind.IsError())];
        Assert.Equal((DatasetProblemKind.UnreadableAnnotations, "val"), (Assert.Single(errors).Kind, errors[0].Object));
        Assert.Contains("none of the 1 images of split 'val' can be used", errors[0].Detail);
    }

    [SkippableFact]
    public void RealDataIsChecked()
    {
        SegmentationCheck check = SegmentationCheck.Run(SharedData.Find("data/camvid"));
        Assert.Empty(check.Report.Problems);
        Assert.Equal((468 * 480 * 360, 2503995 + 297271), (check.Pixels, check.Ignored));
        Assert.Equal(["Sky", "Building"], check.Classes.Take(2).Select(entry => entry.Category.Name));
        Assert.Equal([10682767 + 1601620, 14750079 + 4531180], check.Classes.Take(2).Select(entry => entry.Pixels));
    }
}
