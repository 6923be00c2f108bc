namespace Vision.Data;

/// <summary>Writes data sets in one format, split by split, into a folder that is empty at first.</summary>
internal interface IDatasetWriter
{
    /// <summary>Writes one split.</summary>
    /// <param name="dataset">Its images and objects. What the format cannot hold is reported.</param>
    /// <param name="split">Its name.</param>
    /// <param name="report">Takes what is lost.</param>
    /// <param name="imageDone">Is called after each image.</param>
    void Write(DetectionDataset dataset, string split, DatasetReport report, Action imageDone);

    /// <summary>Ends the data set, after all splits.</summary>
    void Finish();
}
