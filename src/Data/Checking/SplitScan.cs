namespace Vision.Data;

/// <summary>Reads all splits of a data set, for a check.</summary>
internal static class SplitScan
{
    /// <summary>The splits that can be read. Those that cannot, and those whose classes differ from the first
    /// one's, are reported, as is what was found while reading.</summary>
    /// <typeparam name="TDataset">What a split is read as.</typeparam>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="names">Its splits.</param>
    /// <param name="read">Reads the split of a name.</param>
    /// <param name="content">The classes and the problems of a split.</param>
    /// <param name="report">Gets the problems.</param>
    public static IReadOnlyList<(string Name, TDataset Data)> Read<TDataset>(
        string folder, IEnumerable<string> names, Func<string, TDataset> read,
            Func<TDataset, (IReadOnlyList<Category> Categories, DatasetReport Report)> content, DatasetReport report)
    {
        List<(string, TDataset)> splits = [];
        IReadOnlyList<Category>? first = null;
        // Splits that show the same images find the same problems.
        HashSet<DatasetProblem> known = [];
        foreach (string name in names)
        {
            try
            {
                TDataset data = read(name);
                (IReadOnlyList<Category> categories, DatasetReport own) = content(data);
                if (first is not null && !first.SequenceEqual(categories))
                    report.Add(new(DatasetProblemKind.UnknownClass, folder, name,
                        $"its classes are not those of the other splits: {Difference(first, categories)}; give all splits the same"));
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
