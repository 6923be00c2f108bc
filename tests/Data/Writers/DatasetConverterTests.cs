using Vision.Testing;

namespace Vision.Data.Tests.Writers;

public sealed class DatasetConverterTests
{
    private const string Json = """
        {"images":[{"id":5,"file_name":"a.png","width":60,"height":40},{"id":9,"file_name":"sub/a.png","width":60,"height":40}],
         "annotations":[
          {"id":11,"image_id":5,"category_id":18,"bbox":[1.5,2.3,10,20.25],"area":123.5},
          {"id":12,"image_id":5,"category_id":3,"bbox":[4,4,17.1,14.7],"area":150,"segmentation":[[4,4,21.1,4,21.1,18.7,7.3,11]]},
          {"id":13,"image_id":5,"category_id":3,"bbox":[30,5,20,10],"area":80,"segmentation":[[30,5,38,5,38,15],[42,5,50,5,50,15]]},
          {"id":14,"image_id":9,"category_id":3,"bbox":[10,10,3,2],"area":6,"iscrowd":1,
           "segmentation":{"size":[40,60],"counts":[410,2,38,2,38,2,1908]}},
          {"id":15,"image_id":9,"category_id":3,"bbox":[10,10,3,2],"area":6,
           "segmentation":{"size":[40,60],"counts":[410,2,38,2,38,2,1908]}},
          {"id":16,"image_id":9,"category_id":18,"bbox":[20,10,9,9],"area":81,"keypoints":[21,11,2,0,0,0]}],
         "categories":[{"id":3,"name":"car"},{"id":18,"name":"dog","keypoints":["left_ear","right_ear"],"skeleton":[[1,2]]}]}
        """;

    private static TempFolder Source()
    {
        TempFolder folder = new();
        folder.Write("photos/annotations/instances_train.json", Json);
        folder.WritePlain("photos/images/train/a.png", 60, 40);
        folder.WritePlain("photos/images/train/sub/a.png", 60, 40);
        return folder;
    }

    private static DatasetReport Convert(TempFolder folder, string from, string to, DatasetFormat format, bool link = false,
        bool overwrite = false) => new DatasetConverter
    {
        Source = folder[from], Target = folder[to], TargetFormat = format, Link = link, Overwrite = overwrite,
    }.Run();

    private static void AssertSame(Annotation expected, Annotation actual, float tolerance = 0)
    {
        Assert.Equal((expected.Label, expected.IsCrowd), (actual.Label, actual.IsCrowd));
        Assert.Equal(expected.Box.X1, actual.Box.X1, tolerance);
        Assert.Equal(expected.Box.Y1, actual.Box.Y1, tolerance);
        Assert.Equal(expected.Box.X2, actual.Box.X2, tolerance);
        Assert.Equal(expected.Box.Y2, actual.Box.Y2, tolerance);
    }

    [Fact]
    public void CocoToCocoKeepsAll()
    {
        using TempFolder folder = Source();
        Assert.Empty(Convert(folder, "photos", "out", DatasetFormat.Coco).Problems);
        DetectionDataset before = DetectionReader.Read(folder["photos"]), after = DetectionReader.Read(folder["out"]);
        Assert.Equal(before.Categories, after.Categories);
        Assert.Equal(before.Categories[1].Skeleton, after.Categories[1].Skeleton);
        // Two files of one name in different folders get names of their own.
        Assert.Equal([folder["out/images/train/a.png"], folder["out/images/train/a_2.png"]], after.Samples.Select(sample => sample.File));
        Annotation[] old = [.. before.Samples.SelectMany(sample => sample.Objects)],
            now = [.. after.Samples.SelectMany(sample => sample.Objects)];
        for (int i = 0; i < old.Length; i++)
        {
            AssertSame(old[i], now[i], 1e-5f);
            Assert.Equal((old[i].Id, old[i].Area), (now[i].Id, now[i].Area));
            Assert.Equal(old[i].Segment?.Polygons, now[i].Segment?.Polygons);
            Assert.Equal(old[i].Segment?.Runs?.Counts.ToArray(), now[i].Segment?.Runs?.Counts.ToArray());
            Assert.Equal(old[i].Keypoints, now[i].Keypoints);
        }
    }

    [Fact]
    public void YoloKeepsBoxesAndPolygonsAndSaysWhatItLost()
    {
        using TempFolder folder = Source();
        DatasetReport lost = Convert(folder, "photos", "yolo", DatasetFormat.Yolo);
        string image = folder["photos/images/train/a.png"], second = folder["photos/images/train/sub/a.png"];
        Assert.Equal([
            $"{image}: annotation 13: YOLO holds one polygon per object, but it has 2; joined by lines without area",
            $"{second}: annotation 14: YOLO cannot hold crowds; left out",
            $"{second}: annotation 15: YOLO holds polygons, but its segment is a mask; its outline is written, without holes",
            $"{second}: annotation 16: its keypoints are left out",
        ], lost.Problems.Select(problem => problem.ToString()));
        Convert(folder, "yolo", "back", DatasetFormat.Coco);
        DetectionDataset before = DetectionReader.Read(folder["photos"]), after = DetectionReader.Read(folder["back"]);
        Assert.Equal(["car", "dog"], after.Categories.Select(category => category.Name));
        for (int i = 0; i < 3; i++) AssertSame(before.Samples[0].Objects[i], after.Samples[0].Objects[i], 1e-4f);
        Assert.Equal(before.Samples[0].Objects[1].Segment!.Polygons[0], after.Samples[0].Objects[1].Segment!.Polygons[0]);
        AssertSame(before.Samples[1].Objects[1], after.Samples[1].Objects[0]);
        // Two polygons in one, and runs as an outline, cover the same pixels.
        Assert.Equal(before.Samples[0].Objects[2].Segment!.ToMask(60, 40).Decode(),
            after.Samples[0].Objects[2].Segment!.ToMask(60, 40).Decode());
        Assert.Equal(before.Samples[1].Objects[1].Segment!.ToMask(60, 40).Decode(),
            after.Samples[1].Objects[0].Segment!.ToMask(60, 40).Decode());
    }

    [Fact]
    public void VocKeepsBoxesAndPixels()
    {
        using TempFolder folder = Source();
        DatasetReport lost = Convert(folder, "photos", "voc", DatasetFormat.Voc);
        Assert.Contains(lost.Problems, problem =>
            problem.ToString().EndsWith("annotation 16: VOC cannot hold keypoints; left out", StringComparison.Ordinal));
        Assert.Contains(lost.Problems, problem =>
            problem.ToString().Contains("a pixel of a VOC mask belongs to one object; this one keeps 0 of 6 pixels"));
        DetectionDataset before = DetectionReader.Read(folder["photos"]), after = DetectionReader.Read(folder["voc"]);
        Assert.Empty(after.Report.Problems);
        Assert.Equal(DatasetFormat.Voc, DetectionReader.Detect(folder["voc"]));
        for (int i = 0; i < 3; i++) AssertSame(before.Samples[0].Objects[i], after.Samples[0].Objects[i]);
        for (int i = 1; i < 3; i++)
            Assert.Equal(before.Samples[0].Objects[i].Segment!.ToMask(60, 40).Decode(),
                after.Samples[0].Objects[i].Segment!.Runs!.Decode());
        Assert.True(after.Samples[1].Objects[0].IsCrowd);
        Assert.Equal(["a", "a_2"], File.ReadAllLines(folder["voc/ImageSets/Main/train.txt"]));
        Assert.True(File.Exists(folder["voc/SegmentationClass/a.png"]));
    }

    [Fact]
    public void NothingIsOverwrittenUnasked()
    {
        using TempFolder folder = Source();
        Convert(folder, "photos", "out", DatasetFormat.Yolo);
        folder.Write("out/note.txt", "mine");
        Assert.Equal($"{folder["out"]} already exists; choose another folder, or allow overwriting.",
            Assert.Throws<InputException>(() => Convert(folder, "photos", "out", DatasetFormat.Coco)).Message);
        Convert(folder, "photos", "out", DatasetFormat.Coco, overwrite: true);
        Assert.Equal(DatasetFormat.Coco, DetectionReader.Detect(folder["out"]));

        folder.Write("home/diary.txt", "mine");
        Assert.Equal($"{folder["home"]} already exists and is not a data set that could be replaced; choose another folder.",
            Assert.Throws<InputException>(() => Convert(folder, "photos", "home", DatasetFormat.Coco, overwrite: true)).Message);
        Assert.Equal($"{folder["photos"]} and the source {folder["photos"]} lie inside each other; choose a folder outside the source.",
            Assert.Throws<InputException>(() => Convert(folder, "photos", "photos", DatasetFormat.Voc, overwrite: true)).Message);
        Assert.Equal(["home", "out", "photos"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void AnEndedConversionLeavesNothing()
    {
        using TempFolder folder = Source();
        using CancellationTokenSource cancellation = new();
        DatasetConverter converter = new() { Source = folder["photos"], Target = folder["out"], TargetFormat = DatasetFormat.Voc };
        Assert.Throws<OperationCanceledException>(() => converter.Run((_, _) => cancellation.Cancel(), cancellation.Token));
        Assert.Equal(["photos"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void ImagesMayBeLinked()
    {
        using TempFolder folder = Source();
        Convert(folder, "photos", "out", DatasetFormat.Yolo, link: true);
        Assert.Equal(folder["photos/images/train/a.png"], new FileInfo(folder["out/images/train/a.png"]).LinkTarget);
        Assert.Equal(2, DetectionReader.Read(folder["out"]).Samples.Count);
    }

    [SkippableFact]
    public void RealDataGoesRound()
    {
        string source = SharedData.Find("data/coco128");
        using TempFolder folder = new();
        DatasetReport lost = new DatasetConverter { Source = source, Target = folder["yolo"], TargetFormat = DatasetFormat.Yolo,
            Link = true }.Run();
        Assert.Equal((6, 90), (lost.Problems.Count(problem => problem.Detail.Contains("crowds")),
            lost.Problems.Count(problem => problem.Detail.Contains("joined"))));
        new DatasetConverter { Source = folder["yolo"], Target = folder["coco"], TargetFormat = DatasetFormat.Coco, Link = true }.Run();
        DetectionDataset before = DetectionReader.Read(source), after = DetectionReader.Read(folder["coco"]);
        Assert.Equal(before.Categories.Select(category => category.Name), after.Categories.Select(category => category.Name));
        Dictionary<string, Targets> found = after.Samples.ToDictionary(sample => Path.GetFileName(sample.File));
        foreach (Targets sample in before.Samples)
        {
            Annotation[] expected = [.. sample.Objects.Where(item => !item.IsCrowd)];
            IReadOnlyList<Annotation> actual = found[Path.GetFileName(sample.File)].Objects;
            Assert.Equal(expected.Length, actual.Count);
            for (int i = 0; i < expected.Length; i++)
            {
                if (expected[i].Segment!.Polygons.Count == 1)
                    Assert.Equal(expected[i].Segment!.Polygons[0], actual[i].Segment!.Polygons[0]);
                Assert.Equal(expected[i].Label, actual[i].Label);
            }
        }
    }
}
