namespace Vision.Data;

/// <summary>Maps the classes of a data set to labels: in the data set's own order, or in a model's.</summary>
internal sealed class ClassLabels
{
    private readonly int?[] labels;

    /// <summary>Compares the names.</summary>
    /// <param name="own">The data set's classes, in its order.</param>
    /// <param name="model">The classes of a model; null to use the data set's.</param>
    /// <param name="dataset">The data set's name, for messages.</param>
    /// <remarks>
    /// If no names match but the numbers of classes do, the orders are assumed to match as well: folders of ImageNet are called n01440764
    /// and so on, and their order is that of the published classes.
    /// </remarks>
    /// <exception cref="InputException">The model knows none of the classes.</exception>
    public ClassLabels(IReadOnlyList<string> own, IReadOnlyList<Category>? model, string dataset)
    {
        Categories = model ?? [.. own.Select((name, index) => new Category(index, name))];
        Dictionary<string, int> known = Categories.Select((category, index) => (category.Name, index))
            .DistinctBy(entry => entry.Name).ToDictionary(StringComparer.Ordinal);
        labels = [.. own.Select(name => known.TryGetValue(name, out int label) ? label : (int?)null)];
        if (labels.Any(label => label is not null)) return;
        if (own.Count != Categories.Count)
            throw new InputException(
                $"{dataset} has the classes {Listed(own)}, none of which the model knows " +
                $"({Listed([.. Categories.Select(category => category.Name)])}); " +
                "give the data that it was trained for, or train it on this.");
        labels = [.. Enumerable.Range(0, own.Count).Select(label => (int?)label)];
    }

    /// <summary>The model's classes, or the data set's if there is no model.</summary>
    public IReadOnlyList<Category> Categories { get; }

    /// <summary>The label of the data set's class at that index; null if the model does not know it.</summary>
    public int? Of(int own) => labels[own];

    private static string Listed(IReadOnlyList<string> names) =>
        $"{string.Join(", ", names.Take(10))}{(names.Count > 10 ? $" and {names.Count - 10} more" : "")}";
}
