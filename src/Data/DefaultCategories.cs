namespace Vision.Data;

/// <summary>The classes of published models, whose weights files do not list them.</summary>
public static class DefaultCategories
{
    private const string Resource = "imagenet-classes.txt";

    /// <summary>The 1000 classes of ImageNet's challenge (Russakovsky et al. 2014, arXiv:1409.0575), with
    /// ids from 0, in the order of all published weights.</summary>
    public static IReadOnlyList<Category> ImageNet { get; } = Named(ReadLines());

    /// <summary>The 10 classes of CIFAR-10 (Krizhevsky 2009), with ids from 0.</summary>
    public static IReadOnlyList<Category> Cifar10 { get; } =
        Named(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]);

    /// <summary>Names for a number of classes: ImageNet's or CIFAR-10's if the number matches, or else "class 0" and so on.</summary>
    /// <param name="count">The number of classes.</param>
    public static IReadOnlyList<Category> For(int count) => count switch
    {
        1000 => ImageNet,
        10 => Cifar10,
        _ => Named(Enumerable.Range(0, count).Select(label => $"class {label}")),
    };

    /// <summary>The background and the 20 classes of Pascal VOC (Everingham et al.
    /// 2010), with ids from 0, as in published segmenters.</summary>
    public static IReadOnlyList<Category> Voc { get; } = Named(
    [
        "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
        "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ]);

    /// <summary>Names for a number of pixel classes: Pascal VOC's if the number matches, or else "class 0" and so on.</summary>
    /// <param name="count">The number of classes.</param>
    public static IReadOnlyList<Category> ForPixels(int count) =>
        count == 21 ? Voc : Named(Enumerable.Range(0, count).Select(label => $"class {label}"));

    private static Category[] Named(IEnumerable<string> names) => [.. names.Select((name, index) => new Category(index, name))];

    private static IEnumerable<string> ReadLines()
    {
        using StreamReader reader = new(typeof(DefaultCategories).Assembly.GetManifestResourceStream(Resource)!);
        while (reader.ReadLine() is { } line) yield return line;
    }
}
