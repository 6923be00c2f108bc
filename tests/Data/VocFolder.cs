using Vision.Testing;

namespace Vision.Data.Tests;

/// <summary>Writes small VOC data sets.</summary>
internal static class VocFolder
{
    public static string Object(string name, int x1, int y1, int x2, int y2, string more = "") =>
        $"<object><name>{name}</name>{more}<bndbox><xmin>{x1}</xmin><ymin>{y1}</ymin><xmax>{x2}</xmax><ymax>{y2}</ymax></bndbox></object>";

    public static string Xml(string image, int width, int height, params string[] objects) =>
        $"<annotation><filename>{image}</filename><size><width>{width}</width><height>{height}</height><depth>3</depth></size>" +
        $"{string.Concat(objects)}</annotation>";

    /// <summary>An image of 60×40 with its annotations, in VOC's folders.</summary>
    public static void Add(this TempFolder folder, string id, params string[] objects)
    {
        folder.WritePlain($"JPEGImages/{id}.jpg", 60, 40);
        folder.Write($"Annotations/{id}.xml", Xml($"{id}.jpg", 60, 40, objects));
    }

    public static void List(this TempFolder folder, string split, params string[] ids) =>
        folder.Write($"ImageSets/Main/{split}.txt", string.Join('\n', ids) + "\n");
}
