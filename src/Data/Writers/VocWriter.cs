using System.Globalization;
using System.Xml.Linq;

namespace Vision.Data;

/// <summary>
/// Writes VOC: <c>Annotations</c>, <c>JPEGImages</c> and <c>ImageSets/Main</c>, and masks in <c>SegmentationObject</c> and
/// <c>SegmentationClass</c> if there are segments. A crowd becomes an object marked difficult.
/// </summary>
internal sealed class VocWriter(string folder, bool link) : IDatasetWriter
{
    // 255 marks borders.
    private const int MostMasks = 254;

    private readonly ImagePlaces places = new(link);
    private readonly HashSet<string> masked = [];

    /// <inheritdoc/>
    public void Write(DetectionDataset dataset, string split, DatasetReport report, Action imageDone)
    {
        List<string> listed = new(dataset.Samples.Count);
        foreach (Targets sample in dataset.Samples)
        {
            string name = places.Put(sample.File, Path.Combine(folder, "JPEGImages")), id = Path.GetFileNameWithoutExtension(name);
            listed.Add(id);
            bool hasMasks = WriteMasks(sample, id, report);
            XElement root = new("annotation",
                new XElement("folder", "JPEGImages"), new XElement("filename", name),
                new XElement("size", new XElement("width", sample.Width), new XElement("height", sample.Height), new XElement("depth", 3)),
                new XElement("segmented", hasMasks ? 1 : 0),
                sample.Objects.Select(item => Object(item, dataset.Categories[item.Label - 1].Name)));
            Save(root, Path.Combine(folder, "Annotations", id + ".xml"));
            foreach (Annotation item in sample.Objects.Where(item => item.Keypoints is not null))
                report.Add(new(DatasetProblemKind.LostInFormat, sample.File, $"annotation {item.Id}",
                    "VOC cannot hold keypoints; left out"));
            imageDone();
        }
        List(split, "Main", listed);
        if (listed.Any(masked.Contains)) List(split, "Segmentation", [.. listed.Where(masked.Contains)]);
    }

    /// <inheritdoc/>
    public void Finish() { }

    private static XElement Object(Annotation item, string name) => new("object",
        new XElement("name", name), new XElement("pose", "Unspecified"),
        new XElement("truncated", 0), new XElement("difficult", item.IsCrowd ? 1 : 0),
        new XElement("bndbox",
            new XElement("xmin", Text(item.Box.X1)), new XElement("ymin", Text(item.Box.Y1)),
            new XElement("xmax", Text(item.Box.X2)), new XElement("ymax", Text(item.Box.Y2))));

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Writes one number per pixel: where segments overlap, the smaller object is on top.</summary>
    private bool WriteMasks(Targets sample, string id, DatasetReport report)
    {
        (Annotation Item, int Number)[] segmented =
            [.. sample.Objects.Select((item, i) => (item, i + 1)).Where(entry => entry.item.Segment is not null)];
        if (segmented.Length == 0) return false;
        if (sample.Objects.Count > MostMasks)
        {
            report.Add(new(DatasetProblemKind.LostInFormat, sample.File, null,
                $"a VOC mask holds at most {MostMasks} objects, but there are {sample.Objects.Count}; its masks are left out"));
            return false;
        }
        byte[] objects = new byte[sample.Width * sample.Height], classes = new byte[objects.Length];
        var drawn = segmented.Select(entry => (entry.Item, entry.Number, Mask: entry.Item.Segment!.ToMask(sample.Width, sample.Height)))
            .OrderByDescending(entry => entry.Mask.Area).ToArray();
        foreach (var (item, number, mask) in drawn)
        {
            byte[] pixels = mask.Decode();
            for (int i = 0; i < pixels.Length; i++)
                if (pixels[i] != 0) (objects[i], classes[i]) = ((byte)number, (byte)Math.Min(item.Label, MostMasks));
        }
        int[] left = new int[256];
        foreach (byte value in objects) left[value]++;
        foreach (var (item, number, mask) in drawn.Where(entry => left[entry.Number] < entry.Mask.Area))
            report.Add(new(DatasetProblemKind.LostInFormat, sample.File, $"annotation {item.Id}",
                $"a pixel of a VOC mask belongs to one object; this one keeps {left[number]} of {mask.Area} pixels"));
        SaveMask(objects, sample, Path.Combine(folder, "SegmentationObject", id + ".png"));
        SaveMask(classes, sample, Path.Combine(folder, "SegmentationClass", id + ".png"));
        masked.Add(id);
        return true;
    }

    private void List(string split, string kind, List<string> ids)
    {
        string file = Path.Combine(folder, "ImageSets", kind, split + ".txt");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllLines(file, ids);
    }

    private static void Save(XElement root, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        root.Save(file);
    }

    private static void SaveMask(byte[] values, Targets sample, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, IndexPng.Encode(values, sample.Width, sample.Height));
    }
}
