namespace Vision.Evaluation;

/// <summary>The row indices of a table, grouped by class and within a class by image;
/// rows of the same class and image keep their order.</summary>
internal sealed class Grouping
{
    private readonly int[] places;
    private readonly int[] starts;

    private Grouping(int[] places, int[] starts) => (this.places, this.starts) = (places, starts);

    /// <summary>The rows of one class, by ascending image.</summary>
    public ReadOnlySpan<int> Of(int category) => places.AsSpan(starts[category]..starts[category + 1]);

    /// <summary>Groups the rows of a table. Two stable counting passes: linear in the rows.</summary>
    public static Grouping By<T>(T[] rows, int images, int categories, Func<T, int> image, Func<T, int> category)
    {
        int[] byImage = CountingSort([.. Enumerable.Range(0, rows.Length)], images, place => image(rows[place])).Order;
        var (order, starts) = CountingSort(byImage, categories, place => category(rows[place]));
        return new(order, starts);
    }

    private static (int[] Order, int[] Starts) CountingSort(int[] places, int keys, Func<int, int> keyOf)
    {
        int[] starts = new int[keys + 1];
        foreach (int place in places) starts[keyOf(place) + 1]++;
        for (int key = 0; key < keys; key++) starts[key + 1] += starts[key];

        int[] next = starts[..keys];
        int[] order = new int[places.Length];
        foreach (int place in places) order[next[keyOf(place)]++] = place;
        return (order, starts);
    }
}
