namespace Vision.Data;

/// <summary>Writes data sets in one format, split by split, into an initially empty folder.</summary>
internal interface IDatasetWriter
{
    /// <summary>Writes one split.</summary>
    /// <param name="dataset">Its images and objects. What the format cannot hold is reported.</param>
    /// <param name="split">Its name.</param>
    /// <param name="report">Receives what is lost.</param>
    /// <param name="imageDone">Called after each image.</param>
    void Write(DetectionDataset dataset, string split, DatasetReport report, Action imageDone);

    /// <summary>Completes the data set, after all splits.</summary>
    void Finish();
}
