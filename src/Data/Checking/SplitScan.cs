namespace Vision.Data;

/// <summary>Reads all splits of a data set, for a check.</summary>
internal static class SplitScan
{
    /// <summary>The splits that can be read. Splits that cannot, splits whose classes differ from those of the first, and problems found
    /// while reading are reported.</summary>
    /// <typeparam name="TDataset">The type of a split.</typeparam>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="names">Its splits.</param>
    /// <param name="read">Reads a split by name.</param>
    /// <param name="content">Returns the classes and the problems of a split.</param>
    /// <param name="report">Receives the problems.</param>
    public static IReadOnlyList<(string Name, TDataset Data)> Read<TDataset>(
        string folder, IEnumerable<string> names, Func<string, TDataset> read,
        Func<TDataset, (IReadOnlyList<Category> Categories, DatasetReport Report)> content, DatasetReport report)
    {
        List<(string, TDataset)> splits = [];
        IReadOnlyList<Category>? first = null;
        // Splits that share images report the same problems.
        HashSet<DatasetProblem> known = [];
        foreach (string name in names)
        {
            try
            {
                TDataset data = read(name);
                (IReadOnlyList<Category> categories, DatasetReport own) = content(data);
                if (first is not null && !first.SequenceEqual(categories))
                    report.Add(new(DatasetProblemKind.UnknownClass, folder, name,
                        $"its classes differ from those of the other splits: {Difference(first, categories)}; give all the same classes"));
                first ??= categories;
                splits.Add((name, data));
                foreach (DatasetProblem problem in own.Problems.Where(known.Add)) report.Add(problem);
            }
            catch (InputException exception)
            {
                report.Add(new(DatasetProblemKind.UnreadableAnnotations, folder, name, exception.Message));
            }
        }
        return splits;
    }

    /// <summary>Each image once, with the names of the splits that show it.</summary>
    public static IReadOnlyList<(TSample Sample, string Splits)> Once<TSample>(IEnumerable<(string Split, TSample Sample)> samples,
        Func<TSample, string> file) =>
        [.. samples.GroupBy(entry => file(entry.Sample))
            .Select(group => (group.First().Sample, string.Join(", ", group.Select(entry => entry.Split).Distinct())))];

    private static string Difference(IReadOnlyList<Category> a, IReadOnlyList<Category> b) =>
        string.Join(", ", a.Except(b).Concat(b.Except(a))
            .Take(5).Select(category => $"{category.Id} {category.Name}").DefaultIfEmpty("their order differs"));
}
