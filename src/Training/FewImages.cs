using Vision.Data;

namespace Vision.Training;

/// <summary>A few images of a data set, the extremes among them.</summary>
internal static class FewImages
{
    /// <summary>The most images of a part.</summary>
    public const int Most = 4;

    // Reading the sizes of all files of a large data set takes long.
    private const int MostRead = 64;

    /// <summary>The largest image, the one with the most objects, one without objects, and the first.</summary>
    public static DataSplits<DetectionDataset> Of(DataSplits<DetectionDataset> data) =>
        data with { Train = Part(data.Train), Validation = Part(data.Validation) };

    /// <summary>The largest image of some, and the first ones.</summary>
    public static DataSplits<SegmentationDataset> Of(DataSplits<SegmentationDataset> data) =>
        data with { Train = Part(data.Train), Validation = Part(data.Validation) };

    /// <summary>Images of several classes.</summary>
    public static DataSplits<ClassificationDataset> Of(DataSplits<ClassificationDataset> data) =>
        data with { Train = Part(data.Train), Validation = Part(data.Validation) };

    /// <summary>Some samples with their sizes, spread over a data set.</summary>
    public static IReadOnlyList<(SegmentationSample Sample, long Pixels)> WithSizes(SegmentationDataset data)
    {
        List<(SegmentationSample, long)> some = [];
        int step = (data.Count + MostRead - 1) / MostRead;
        for (int i = 0; i < data.Count; i += step)
        {
            try
            {
                (int width, int height) = ImageFile.ReadSize(data.Samples[i].File);
                some.Add((data.Samples[i], (long)width * height));
            }
            catch (InputException)
            {
                // It is reported when it is loaded.
            }
        }
        return some;
    }

    private static DetectionDataset Part(DetectionDataset data) => new()
    {
        Name = data.Name, Categories = data.Categories,
        Samples = Distinct([
            data.Samples.MaxBy(sample => (long)sample.Width * sample.Height), data.Samples.MaxBy(sample => sample.Objects.Count),
            data.Samples.FirstOrDefault(sample => sample.Objects.Count == 0), .. data.Samples.Take(Most),
        ]),
    };

    private static SegmentationDataset Part(SegmentationDataset data) => new()
    {
        Name = data.Name, Categories = data.Categories, Colors = data.Colors,
        Samples = Distinct([
            WithSizes(data).Select(entry => ((SegmentationSample? Sample, long Pixels))entry).MaxBy(entry => entry.Pixels).Sample,
            .. data.Samples.Take(Most),
        ]),
    };

    private static ClassificationDataset Part(ClassificationDataset data) => new()
    {
        Name = data.Name, Categories = data.Categories,
        Samples = Distinct([.. data.Samples.DistinctBy(sample => sample.Label).Take(Most), .. data.Samples.Take(Most)]),
    };

    private static IReadOnlyList<T> Distinct<T>(IEnumerable<T?> samples) where T : class => [.. samples.OfType<T>().Distinct().Take(Most)];
}
