using Vision.Testing;

namespace Vision.Data.Tests.Readers;

/// <summary>Real masks, where they lie beside the checkout. The counts were made by other software.</summary>
public sealed class RealMaskTests
{
    [SkippableTheory]
    [InlineData("train", 367, new long[] { 10682767, 14750079, 623349, 20076880, 2845085, 6166762, 743859, 714595, 3719877, 405385,
        184967 }, 2503995)]
    [InlineData("val", 101, new long[] { 1601620, 4531180, 98499, 5053176, 1521751, 2851125, 155724, 537197, 304716, 113531, 387010 },
        297271)]
    public void CamVidIsReadWhole(string split, int images, long[] pixels, long ignored)
    {
        SegmentationDataset data = SegmentationReader.Read(SharedData.Find("data/camvid"), DatasetFormat.Auto, split);
        Assert.Equal("Sky Building Pole Road Pavement Tree SignSymbol Fence Car Pedestrian Bicyclist",
            string.Join(' ', data.Categories.Select(category => category.Name)));
        Assert.Equal(images, data.Samples.Count);
        Assert.Empty(data.Report.Problems);
        long[] counts = Counts(data);
        Assert.Equal(pixels, counts[..11]);
        Assert.Equal(ignored, counts[255]);
        (OpenCvSharp.Mat image, SegmentationMap map) = data.Samples[0].Read();
        using (image) Assert.Equal((480, 360), (map.Width, map.Height));
    }

    /// <summary>The index masks of coco128 were made of its panoptic ones, so that both
    /// readers have to say the same at every pixel.</summary>
    [SkippableFact]
    public void Coco128sTwoFormsAgree()
    {
        SegmentationDataset index = SegmentationReader.Read(SharedData.Find("data/coco128/semantic_segmentation")),
            panoptic = SegmentationReader.Read(SharedData.Find("data/coco128/panoptic_segmentation"));
        Assert.Equal((100, 100, 133), (index.Samples.Count, panoptic.Samples.Count, panoptic.Categories.Count));
        // 28 of the images have no mask.
        Assert.All(index.Report.Problems, problem => Assert.Equal(DatasetProblemKind.MissingAnnotations, problem.Kind));
        Assert.Equal((28, 0), (index.Report.Problems.Count, panoptic.Report.Problems.Count));
        Assert.Equal(index.Categories, panoptic.Categories.Where(category => index.Categories.Contains(category)));

        var byFile = panoptic.Samples.ToDictionary(sample => Path.GetFileName(sample.File));
        Parallel.ForEach(index.Samples, sample =>
        {
            byte[] a = sample.ReadMap().Classes, b = byFile[Path.GetFileName(sample.File)].ReadMap().Classes;
            for (int i = 0; i < a.Length; i++)
                if ((a[i] == 255) != (b[i] == 255) || (a[i] != 255 && index.Categories[a[i]].Id != panoptic.Categories[b[i]].Id))
                    Assert.Fail($"{sample.File} differs at pixel {i}");
        });
        Assert.Equal(2832427, Counts(index)[255]);
    }

    private static long[] Counts(SegmentationDataset data)
    {
        long[] counts = new long[256];
        foreach (SegmentationSample sample in data.Samples)
            foreach (byte value in sample.ReadMap().Classes) counts[value]++;
        return counts;
    }
}
