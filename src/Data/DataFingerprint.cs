using System.Security.Cryptography;
using System.Text;

namespace Vision.Data;

/// <summary>
/// A short text that changes when a data set does: when an image is added, removed, renamed or gets another size in bytes, or when an
/// annotation or a class changes. It is the same wherever the folder lies. Pixels are not read, so it is cheap: a pixel that changes
/// while the file keeps its size goes unseen, and so does one of a mask.
/// </summary>
public static class DataFingerprint
{
    private const int Characters = 16;

    /// <summary>The fingerprint of annotated images: their files, sizes and objects.</summary>
    public static string Of(DetectionDataset dataset) => Of(dataset, [.. dataset.Samples.Select(sample => sample.File)], (text, i) =>
    {
        Targets sample = dataset.Samples[i];
        text.Write($"{sample.Width}x{sample.Height} {sample.Window}");
        foreach (Annotation item in sample.Objects) Write(text, item);
    });

    /// <summary>The fingerprint of images of one class each: their names, sizes and classes.</summary>
    public static string Of(ClassificationDataset dataset) =>
        Of(dataset, [.. dataset.Samples.Select(sample => sample.Name)], (text, i) => text.Write(dataset.Samples[i].Label));

    /// <summary>The fingerprint of images with masks: the files of both, and their sizes.</summary>
    public static string Of(SegmentationDataset dataset)
    {
        string[] masks = [.. dataset.Samples.Select(sample => sample.MaskFile)];
        string[] names = CommonFolder.Relative(masks, CommonFolder.Of(masks));
        return Of(dataset, [.. dataset.Samples.Select(sample => sample.File)], (text, i) =>
        {
            text.Write(names[i]);
            text.Write(SizeOf(masks[i]));
        });
    }

    /// <summary>The fingerprint of a data set of any of these kinds; of its classes and its number of images alone if it is of
    /// another.</summary>
    public static string Of(IDataset dataset) => dataset switch
    {
        DetectionDataset detection => Of(detection),
        ClassificationDataset classification => Of(classification),
        SegmentationDataset segmentation => Of(segmentation),
        _ => Of(dataset, [.. Enumerable.Range(0, dataset.Count).Select(i => $"{i}")], (_, _) => { }),
    };

    private static string Of(IDataset dataset, string[] files, Action<BinaryWriter, int> annotations)
    {
        using SHA256 hash = SHA256.Create();
        using (CryptoStream stream = new(Stream.Null, hash, CryptoStreamMode.Write))
        using (BinaryWriter writer = new(new BufferedStream(stream), Encoding.UTF8))
        {
            foreach (Category category in dataset.Categories) writer.Write($"{category.Id} {category.Name}");
            string[] names = CommonFolder.Relative(files, CommonFolder.Of(files));
            for (int i = 0; i < files.Length; i++)
            {
                writer.Write(names[i]);
                writer.Write(SizeOf(files[i]));
                annotations(writer, i);
            }
        }
        return Convert.ToHexStringLower(hash.Hash!)[..Characters];
    }

    private static void Write(BinaryWriter text, Annotation item)
    {
        text.Write(item.Label);
        text.Write(item.IsCrowd);
        text.Write(item.Area);
        foreach (float side in (float[])[item.Box.X1, item.Box.Y1, item.Box.X2, item.Box.Y2]) text.Write(side);
        foreach (float[] polygon in item.Segment?.Polygons ?? [])
        {
            text.Write(polygon.Length);
            foreach (float value in polygon) text.Write(value);
        }
        if (item.Segment?.Runs is { } runs)
            foreach (uint count in runs.Counts) text.Write(count);
        foreach (Keypoint point in item.Keypoints ?? [])
            foreach (float value in (float[])[point.X, point.Y, point.Visibility]) text.Write(value);
    }

    // A record inside a larger file has a name that is not a file's.
    private static long SizeOf(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : -1;
}
