namespace Vision.Data;

/// <summary>The classes that published classifiers know, whose files do not say them.</summary>
public static class UsualCategories
{
    private const string Resource = "imagenet-classes.txt";

    /// <summary>The 1000 classes of ImageNet's challenge (Russakovsky et al. 2014, arXiv:1409.0575), with ids from 0, in the order of all published weights.</summary>
    public static IReadOnlyList<Category> ImageNet { get; } = Named(ReadLines());

    /// <summary>The 10 classes of CIFAR-10 (Krizhevsky 2009), with ids from 0.</summary>
    public static IReadOnlyList<Category> Cifar10 { get; } = Named(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]);

    /// <summary>Names for so many classes: ImageNet's or CIFAR-10's where the number is theirs, and else "class 0" and so on.</summary>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<Category> For(int count) => count switch
    {
        1000 => ImageNet,
        10 => Cifar10,
        _ => Named(Enumerable.Range(0, count).Select(label => $"class {label}")),
    };

    private static Category[] Named(IEnumerable<string> names) => [.. names.Select((name, index) => new Category(index, name))];

    private static IEnumerable<string> ReadLines()
    {
        using StreamReader reader = new(typeof(UsualCategories).Assembly.GetManifestResourceStream(Resource)!);
        while (reader.ReadLine() is { } line) yield return line;
    }
}
