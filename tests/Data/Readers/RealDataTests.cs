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
        DetectionDataset data = DatasetReader.Read(SharedData.Find("data/bccd"), DatasetFormat.Auto, split);
        Assert.Equal(["Platelets", "RBC", "WBC"], data.Categories.Select(category => category.Name));
        Assert.Equal(images, data.Samples.Count);
        Assert.All(data.Samples, sample => Assert.Equal((640, 480), (sample.Width, sample.Height)));
        Assert.Equal([platelets, reds, whites], Enumerable.Range(1, 3).Select(label => data.Samples.Sum(sample => sample.Objects.Count(item => item.Label == label))));
    }

    [SkippableFact]
    public void TheBoxOfNoSizeInBccdIsNamed()
    {
        string folder = SharedData.Find("data/bccd");
        DatasetProblem problem = Assert.Single(DatasetReader.Read(folder, DatasetFormat.Voc, "train").Report.Problems);
        Assert.Equal((DatasetProblemKind.DegenerateBox, Path.Combine(folder, "Annotations", "BloodImage_00343.xml")), (problem.Kind, problem.File));
    }

    [SkippableFact]
    public void Coco128IsReadWhole()
    {
        string folder = SharedData.Find("data/coco128");
        DetectionDataset data = DatasetReader.Read(folder);
        Assert.Equal("coco128/train2017", data.Name);
        Assert.Empty(data.Report.Problems);
        Assert.Equal((80, 100, 746, 6, 2), (data.Categories.Count, data.Samples.Count, data.Samples.Sum(sample => sample.Objects.Count),
            data.Samples.Sum(sample => sample.Objects.Count(item => item.IsCrowd)), data.Samples.Count(sample => sample.Objects.Count == 0)));
        Assert.All(data.Samples.SelectMany(sample => sample.Objects), item => Assert.InRange(item.Label, 1, 80));
        Assert.Equal(new Category(90, "toothbrush"), data.Categories[^1]);
        Assert.Contains(data.Samples, sample => sample.ImageId == 400 && sample.File == Path.Combine(folder, "images", "train2017", "000000000400.jpg"));
    }
}
