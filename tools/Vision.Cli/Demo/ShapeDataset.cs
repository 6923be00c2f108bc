using System.Text.Json;
using OpenCvSharp;
using Vision.Data;

namespace Vision.Cli.Demo;

/// <summary>Writes drawn shapes as a data set in COCO's format, like a user's own: images, and one json file per split.</summary>
internal static class ShapeDataset
{
    /// <summary>Writes <c>images/SPLIT/*.png</c> and <c>annotations/instances_SPLIT.json</c> under <paramref name="folder"/>.</summary>
    public static void Write(string folder, string split, int count, int size, int seed)
    {
        string imageFolder = Path.Combine(folder, "images", split);
        string annotationFolder = Path.Combine(folder, "annotations");
        Directory.CreateDirectory(imageFolder);
        Directory.CreateDirectory(annotationFolder);

        Random random = new(seed);
        List<object> images = [], annotations = [];
        for (int id = 1; id <= count; id++)
        {
            using ShapeScene scene = ShapeScene.Draw(size, random);
            string name = $"{id:D4}.png";
            using Mat image = scene.Paint(scene.Shapes);
            using Mat bgr = new();
            Cv2.CvtColor(image, bgr, ColorConversionCodes.RGB2BGR);
            Cv2.ImWrite(Path.Combine(imageFolder, name), bgr);

            images.Add(new { id, file_name = name, width = size, height = size });
            foreach (Shape shape in scene.Shapes)
            {
                Box box = shape.Box;
                annotations.Add(new
                {
                    id = annotations.Count + 1,
                    image_id = id,
                    category_id = (int)shape.Kind,
                    bbox = new[] { box.X1, box.Y1, box.Width, box.Height },
                    area = box.Area,
                    iscrowd = 0,
                });
            }
        }
        var categories = Enum.GetValues<ShapeKind>().Select(kind => new { id = (int)kind, name = kind.ToString().ToLowerInvariant() });
        using FileStream file = File.Create(Path.Combine(annotationFolder, $"instances_{split}.json"));
        JsonSerializer.Serialize(file, new { images, annotations, categories });
    }
}
