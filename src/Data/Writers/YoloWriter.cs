using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Vision.Data;

/// <summary>
/// Writes YOLO: <c>data.yaml</c>, <c>images/SPLIT</c> and <c>labels/SPLIT</c>. An object with a segment becomes a polygon, others become
/// boxes. Numbers are written with full precision, so that reading yields the same pixels.
/// </summary>
internal sealed class YoloWriter(string folder, bool link) : IDatasetWriter
{
    private readonly Dictionary<string, string> splits = [];
    private IReadOnlyList<Category> categories = [];

    /// <inheritdoc/>
    public void Write(DetectionDataset dataset, string split, DatasetReport report, Action imageDone)
    {
        categories = dataset.Categories;
        string key = Key(split);
        if (splits.TryGetValue(key, out string? other))
            throw new InputException(
                $"YOLO has only one {key} split, but both {other} and {split} would become it: name the splits to convert.");
        splits.Add(key, split);
        string images = Path.Combine(folder, "images", split), labels = Path.Combine(folder, "labels", split);
        Directory.CreateDirectory(labels);
        ImagePlaces places = new(link);
        foreach (Targets sample in dataset.Samples)
        {
            string name = places.Put(sample.File, images);
            File.WriteAllLines(Path.Combine(labels, Path.ChangeExtension(name, ".txt")),
                sample.Objects.Select(item => Line(item, sample, report)).OfType<string>());
            imageDone();
        }
    }

    /// <inheritdoc/>
    public void Finish()
    {
        YamlMappingNode names = new(categories.Select((category, i) => KeyValuePair.Create<YamlNode, YamlNode>(
            new YamlScalarNode(i.ToString(CultureInfo.InvariantCulture)),
            new YamlScalarNode(category.Name) { Style = ScalarStyle.DoubleQuoted })));
        YamlMappingNode root = new() { { "path", "." } };
        foreach (var (key, split) in splits) root.Add(key, $"images/{split}");
        // Tools expect both.
        if (!splits.ContainsKey("train")) root.Add("train", "");
        if (!splits.ContainsKey("val")) root.Add("val", splits.TryGetValue("train", out string? train) ? $"images/{train}" : "");
        root.Add("names", names);
        using StreamWriter writer = new(Path.Combine(folder, "data.yaml"));
        new YamlStream(new YamlDocument(root)).Save(writer, assignAnchors: false);
    }

    private static string Key(string split) =>
        split.StartsWith("val", StringComparison.OrdinalIgnoreCase) ? "val"
        : split.StartsWith("test", StringComparison.OrdinalIgnoreCase) ? "test"
        : "train";

    private static string? Line(Annotation item, Targets sample, DatasetReport report)
    {
        string called = $"annotation {item.Id}";
        if (item.IsCrowd)
        {
            Lost("YOLO cannot hold crowds; left out");
            return null;
        }
        if (item.Keypoints is not null) Lost("its keypoints are left out");
        double width = sample.Width, height = sample.Height;
        if (item.Segment is null)
        {
            return $"{item.Label - 1} " +
                $"{Text((item.Box.X1 + (double)item.Box.X2) / 2 / width)} {Text((item.Box.Y1 + (double)item.Box.Y2) / 2 / height)} " +
                $"{Text(((double)item.Box.X2 - item.Box.X1) / width)} {Text(((double)item.Box.Y2 - item.Box.Y1) / height)}";
        }

        IReadOnlyList<float[]> polygons = item.Segment.Polygons;
        if (item.Segment.Runs is { } runs)
        {
            polygons = MaskOutline.Of(runs);
            Lost("YOLO holds polygons, but its segment is a mask; its outline is written, without holes");
        }
        if (polygons.Count > 1) Lost($"YOLO holds one polygon per object, but it has {polygons.Count}; joined by lines without area");
        return $"{item.Label - 1} " +
            $"{string.Join(' ', PolygonBridge.Joined(polygons).Select((value, i) => Text(value / (i % 2 == 0 ? width : height))))}";

        void Lost(string what) => report.Add(new(DatasetProblemKind.LostInFormat, sample.File, called, what));
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
