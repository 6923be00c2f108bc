using Vision.Data;

namespace Vision.Snippets;

internal static class YourData
{
    public static void Open()
    {
        #region open
        DataSplits<DetectionDataset> photos = DetectionData.Open("photos");             // COCO, Pascal VOC or YOLO
        DataSplits<SegmentationDataset> streets = SegmentationData.Open("camvid");      // images with masks
        DataSplits<ClassificationDataset> birds = ClassificationData.Open("birds");     // one folder per class
        Console.WriteLine($"{photos.Train.Count} for training, {photos.Validation.Count} for validation: {photos.ValidationSource}");
        #endregion
        Console.WriteLine($"{streets.Train.Count} {birds.Train.Count}");
    }

    public static void Check()
    {
        #region check
        DatasetCheck check = DatasetCheck.Run("photos");
        foreach (DatasetProblem problem in check.Report.Problems) Console.WriteLine(problem);
        #endregion
    }

    public static void Convert()
    {
        #region convert
        DatasetConverter converter = new() { Source = "photos", Target = "photos-coco", TargetFormat = DatasetFormat.Coco };
        Console.WriteLine(converter.Run().Summary);         // what the new format cannot hold
        #endregion
    }
}
