using System.Text.Json;

namespace Vision.Data;

/// <summary>Writes COCO: <c>annotations/instances_SPLIT.json</c> and <c>images/SPLIT</c>.</summary>
internal sealed class CocoWriter(string folder, bool link) : IDatasetWriter
{
    /// <inheritdoc/>
    public void Write(DetectionDataset dataset, string split, DatasetReport report, Action imageDone)
    {
        string images = Path.Combine(folder, "images", split);
        ImagePlaces places = new(link);
        List<CocoJson.Image> listed = new(dataset.Samples.Count);
        List<CocoJson.Item> items = [];
        foreach (Targets sample in dataset.Samples)
        {
            listed.Add(new()
            {
                Id = sample.ImageId, FileName = places.Put(sample.File, images), Width = sample.Width, Height = sample.Height,
            });
            items.AddRange(sample.Objects.Select(item => Item(item, sample, dataset.Categories[item.Label - 1])));
            imageDone();
        }
        string file = Path.Combine(folder, "annotations", $"instances_{split}.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using FileStream stream = File.Create(file);
        JsonSerializer.Serialize(stream,
            new CocoJson { Images = listed, Annotations = items, Categories = [.. dataset.Categories.Select(Class)] },
            CocoJsonContext.Default.CocoJson);
    }

    /// <inheritdoc/>
    public void Finish() { }

    private static CocoJson.Item Item(Annotation item, Targets sample, Category category) => new()
    {
        Id = item.Id,
        ImageId = sample.ImageId,
        CategoryId = category.Id,
        Bbox = [item.Box.X1, item.Box.Y1, item.Box.Width, item.Box.Height],
        Area = item.Area,
        Iscrowd = item.IsCrowd ? 1 : 0,
        Segmentation = item.Segment is not { } segment ? null
            : segment.Runs is null ? new() { Polygons = [.. segment.Polygons] }
            // As in COCO itself: crowds as uncompressed run lengths, others compressed.
            : item.IsCrowd ? new() { Counts = segment.Runs.Counts.ToArray(), Size = [sample.Height, sample.Width] }
            : new() { Compressed = segment.Runs.ToCompressed(), Size = [sample.Height, sample.Width] },
        Keypoints = item.Keypoints is null ? null : [.. item.Keypoints.SelectMany(point => new[] { point.X, point.Y, point.Visibility })],
        NumKeypoints = item.Keypoints?.Count(point => point.Visibility > 0),
    };

    private static CocoJson.Class Class(Category category) => new()
    {
        Id = category.Id,
        Name = category.Name,
        Keypoints = category.Keypoints.Count == 0 ? null : [.. category.Keypoints],
        Skeleton = category.Skeleton.Count == 0 ? null : [.. category.Skeleton.Select(line => new[] { line.From + 1, line.To + 1 })],
    };
}
