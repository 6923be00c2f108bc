using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Evaluation.Tests;

public class ImageResultsTests
{
    private static readonly Category[] classes = [new(1, "a"), new(2, "b"), new(7, "c")];

    [Fact]
    public void Once_each_gives_the_detector_metric()
    {
        DetectionMetrics metrics = Detections([.. Enumerable.Repeat(1, 20)]).Evaluate();
        Assert.InRange(metrics.Boxes.AP, 0.05, 0.95);
        Assert.Equal(metrics.Boxes.AP, metrics.Images.Value, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Images_that_occur_several_times_count_as_copies_of_them(int seed)
    {
        Random random = new(seed);
        int[] times = [.. Enumerable.Range(0, 20).Select(_ => random.Next(4))];
        Assert.Equal(Detections(times).Evaluate().Boxes.AP, Detections([.. Enumerable.Repeat(1, 20)]).Evaluate().Images.Of(times), 1e-9);
    }

    [Fact]
    public void Classes_without_objects_in_the_drawn_images_are_left_out()
    {
        int[] times = new int[20];
        Assert.Equal(-1, Detections([.. Enumerable.Repeat(1, 20)]).Evaluate().Images.Of(times));
        times[3] = 2;
        Assert.Equal(Detections(times).Evaluate().Boxes.AP, Detections([.. Enumerable.Repeat(1, 20)]).Evaluate().Images.Of(times), 1e-9);
    }

    [Fact]
    public void The_same_holds_for_pixels()
    {
        int[] times = [2, 0, 1, 3, 0, 1];
        SegmentationResults once = new(classes), copies = new(classes);
        for (int i = 0; i < times.Length; i++)
        {
            Random random = new(i);
            byte[] truth = new byte[64], guess = new byte[64];
            for (int p = 0; p < 64; p++)
            {
                truth[p] = (byte)(random.Next(5) == 0 ? SegmentationMap.Ignore : random.Next(3));
                guess[p] = (byte)(random.Next(2) == 0 && truth[p] < 3 ? truth[p] : random.Next(3));
            }
            once.Add(new(8, 8, guess), new(8, 8, truth), $"{i}.png");
            for (int copy = 0; copy < times[i]; copy++) copies.Add(new(8, 8, guess), new(8, 8, truth));
        }
        SegmentationMetrics metrics = once.Metrics([]);
        Assert.Equal(metrics.MeanIou, metrics.Images!.Value, 1e-12);
        Assert.Equal(copies.Metrics([]).MeanIou, metrics.Images.Of(times), 1e-12);
        Assert.Null(copies.Metrics([]).Images);
    }

    [Fact]
    public void The_same_holds_for_whole_images()
    {
        using var scope = NewDisposeScope();
        ClassificationResults results = new(classes);
        results.Add(tensor(new float[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }), tensor(new long[] { 0, 2, 2 }), ["x", "y", "z"]);
        ClassificationImageResults images = results.Metrics([]).Images!;
        Assert.Equal([1, 0, 1], images.Correct);
        Assert.Equal(2.0 / 3, images.Value, 1e-12);
        Assert.Equal(0.25, images.Of([1, 3, 0]), 1e-12);
        Assert.Throws<ArgumentException>(() => images.Of([1, 1]));
    }

    [Fact]
    public void A_file_holds_all_and_names_relative_to_their_folder()
    {
        using TempFolder folder = new();
        DetectionImageResults written = Detections([.. Enumerable.Repeat(1, 20)]).Evaluate().Images;
        using (FileStream stream = File.Create(folder["images.gz"])) ImageResultsFile.Write(stream, written);

        ImageResults read = ImageResultsFile.Read(folder["images.gz"]);
        Assert.Equal("/data/val", read.Folder.Replace('\\', '/'));
        Assert.Equal("3.png", read.Images[3]);
        int[] times = [.. Enumerable.Range(0, 20).Select(i => i % 3)];
        Assert.Equal(written.Of(times), read.Of(times));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not zipped")]
    public void A_damaged_file_is_named(string content)
    {
        using TempFolder folder = new();
        string file = folder.Write("images.gz", content);
        Assert.StartsWith(file, Assert.Throws<InputException>(() => ImageResultsFile.Read(file)).Message);
    }

    [Fact]
    public void Tables_that_do_not_fit_together_are_refused()
    {
        using TempFolder folder = new();
        using (FileStream stream = File.Create(folder["images.gz"]))
            ImageResultsFile.Write(stream, new ClassificationImageResults { Images = ["a", "b"], Correct = [1] });
        Assert.Contains("do not fit together",
            Assert.Throws<InputException>(() => ImageResultsFile.Read(folder["images.gz"])).Message);
    }

    /// <summary>Twenty images with objects and detections near some of them; each added so many times, under new ids.</summary>
    private static DetectionResults Detections(int[] times)
    {
        DetectionResults results = new(classes);
        for (int image = 0; image < times.Length; image++)
        {
            Random random = new(100 + image);
            List<Annotation> objects = [];
            List<(Box Box, int Label, float Score)> found = [];
            for (int n = random.Next(5); n >= 0; n--)
            {
                float x = random.Next(300), y = random.Next(300), side = 20 + random.Next(80), off = random.Next(12);
                int label = 1 + random.Next(3);
                objects.Add(new()
                {
                    Id = 100 * image + n, Box = new(x, y, x + side, y + side), Label = label, Area = side * side,
                    IsCrowd = random.Next(9) == 0,
                });
                if (random.Next(4) > 0) found.Add((new(x + off, y, x + off + side, y + side), label, random.NextSingle()));
                if (random.Next(3) == 0) found.Add((new(y, x, y + side, x + side), 1 + random.Next(3), random.NextSingle()));
            }
            for (int copy = 0; copy < times[image]; copy++)
                results.Add(new() { ImageId = 10 * image + copy, File = $"/data/val/{image}.png", Width = 400, Height = 400,
                    Objects = objects },
                    new()
                    {
                        Boxes = [.. found.Select(one => one.Box)], Labels = [.. found.Select(one => one.Label)],
                        Scores = [.. found.Select(one => one.Score)],
                    });
        }
        return results;
    }
}
