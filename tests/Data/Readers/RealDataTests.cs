using Vision.Testing;

namespace Vision.Data.Tests.Readers;

/// <summary>Real data sets, where they lie beside the checkout. The counts were made by other software.</summary>
public sealed class RealDataTests
{
    [SkippableTheory]
    [InlineData("train", 205, 209, 2381, 214)]
    [InlineData("test", 72, 69, 805, 71)]
    public void BccdIsReadWhole(string split, int images, int platelets, int reds, int whites)
    {
        DetectionDataset data = DetectionReader.Read(SharedData.Find("data/bccd"), DatasetFormat.Auto, split);
        Assert.Equal(["Platelets", "RBC", "WBC"], data.Categories.Select(category => category.Name));
        Assert.Equal(images, data.Samples.Count);
        Assert.All(data.Samples, sample => Assert.Equal((640, 480), (sample.Width, sample.Height)));
        Assert.Equal([platelets, reds, whites],
            Enumerable.Range(1, 3).Select(label => data.Samples.Sum(sample => sample.Objects.Count(item => item.Label == label))));
    }

    [SkippableFact]
    public void TheBoxOfNoSizeInBccdIsNamed()
    {
        string folder = SharedData.Find("data/bccd");
        DatasetProblem problem = Assert.Single(DetectionReader.Read(folder, DatasetFormat.Voc, "train").Report.Problems);
        Assert.Equal((DatasetProblemKind.DegenerateBox, Path.Combine(folder, "Annotations", "BloodImage_00343.xml")),
            (problem.Kind, problem.File));
    }

    [SkippableFact]
    public void Coco128IsReadWhole()
    {
        string folder = SharedData.Find("data/coco128");
        DetectionDataset data = DetectionReader.Read(folder);
        Assert.Equal("coco128/train2017", data.Name);
        Assert.Empty(data.Report.Problems);
        Assert.Equal((80, 100, 746, 6, 2), (data.Categories.Count, data.Samples.Count, data.Samples.Sum(sample => sample.Objects.Count),
            data.Samples.Sum(sample => sample.Objects.Count(item => item.IsCrowd)),
            data.Samples.Count(sample => sample.Objects.Count == 0)));
        Assert.All(data.Samples.SelectMany(sample => sample.Objects), item => Assert.InRange(item.Label, 1, 80));
        Assert.Equal(new Category(90, "toothbrush"), data.Categories[^1]);
        Assert.Contains(data.Samples, sample => sample.ImageId == 400
            && sample.File == Path.Combine(folder, "images", "train2017", "000000000400.jpg"));
    }

    [SkippableFact]
    public void Coco128sSegmentsLieInTheirBoxes()
    {
        DetectionDataset data = DetectionReader.Read(SharedData.Find("data/coco128"));
        Annotation[] objects = [.. data.Samples.SelectMany(sample => sample.Objects)];
        Assert.All(objects, item => Assert.NotNull(item.Segment));
        Assert.Equal((6, 740), (objects.Count(item => item.Segment!.Runs is not null),
            objects.Count(item => item.Segment!.Polygons.Count > 0)));
        Assert.All(objects.Where(item => item.Segment!.Runs is not null), item =>
        {
            Assert.True(item.IsCrowd);
            Assert.Equal(item.Area, item.Segment!.Runs!.Area);
            Assert.Equal(item.Box, item.Segment.Runs.BoundingBox);
        });
    }

    /// <summary>The folder's two YOLO forms: 2 of the 128 images have no label file, and 2 label files no image.</summary>
    [SkippableFact]
    public void Coco128sYoloBoxesAreRead()
    {
        DetectionDataset data = DetectionReader.Read(SharedData.Find("data/coco128/object_detection"));
        Assert.Equal("object_detection/train", data.Name);
        Assert.Equal((80, 128, 2), (data.Categories.Count, data.Samples.Count, data.Samples.Count(sample => sample.Objects.Count == 0)));
        Assert.Equal(new Category(79, "toothbrush"), data.Categories[^1]);
        Assert.Equal(929, data.Samples.Sum(sample => sample.Objects.Count));
        Assert.All(data.Samples, sample => Assert.True(File.Exists(sample.File)));
    }

    /// <summary>Its polygons were simplified, so that they have fewer points than the json's; the boxes around
    /// them show that places, sizes and classes are right.</summary>
    [SkippableFact]
    public void Coco128sYoloPolygonsLieWhereItsJsonHasThem()
    {
        DetectionDataset json = DetectionReader.Read(SharedData.Find("data/coco128")),
            yolo = DetectionReader.Read(SharedData.Find("data/coco128/instance_segmentation"));
        Assert.Equal((100, 746), (yolo.Samples.Count, yolo.Samples.Sum(sample => sample.Objects.Count)));
        Assert.Equal(json.Categories, yolo.Categories);
        var byFile = yolo.Samples.ToDictionary(sample => Path.GetFileName(sample.File));
        int compared = 0;
        foreach (Targets sample in json.Samples)
        {
            IReadOnlyList<Annotation> others = byFile[Path.GetFileName(sample.File)].Objects;
            foreach (Annotation item in sample.Objects.Where(item => item.Segment!.Polygons.Count == 1))
            {
                Box box = SegmentTransform.Bounds(item.Segment!)!.Value;
                Assert.Contains(others, other => other.Label == item.Label && other.Box.Iou(box) > 0.98);
                compared++;
            }
        }
        Assert.Equal(650, compared);
    }
}
