using Vision.Evaluation;

namespace Vision.Training;

/// <summary>Runs side by side: those that differ only in the seed as a group, best first.</summary>
public sealed record Comparison
{
    private const string Seed = "seed";

    private Comparison() { }

    /// <summary>The name of the metric.</summary>
    public required string Metric { get; init; }

    /// <summary>The groups, best first.</summary>
    public required IReadOnlyList<ComparedGroup> Groups { get; init; }

    /// <summary>The options that differ between groups.</summary>
    public required IReadOnlyList<string> Options { get; init; }

    /// <summary>Remarks for readers, one line each, such as that groups were trained on other data.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Compares runs.</summary>
    /// <param name="runs">The runs, of models of one kind.</param>
    /// <param name="draws">How often images are drawn to tell whether a difference is real; see <see cref="PairedBootstrap"/>.</param>
    /// <exception cref="InputException">There are none, or they were evaluated by different metrics.</exception>
    public static Comparison Of(IReadOnlyList<RunSummary> runs, int draws = 2000)
    {
        if (runs.Count == 0) throw new InputException("There are no runs to compare.");
        if (runs.FirstOrDefault(run => run.Images.Metric != runs[0].Images.Metric) is { } odd)
            throw new InputException($"{runs[0].Files.Folder} was evaluated by {runs[0].Images.Metric} and {odd.Files.Folder} by " +
                $"{odd.Images.Metric}: compare models of one kind.");

        SortedDictionary<string, string>[] options = [.. runs.Select(run => OptionsOf(run.Description))];
        string[] differing = [.. options.SelectMany(own => own.Keys).Distinct()
            .Where(name => name != Seed && options.Select(own => own.GetValueOrDefault(name)).Distinct().Count() > 1)];
        ComparedGroup[] groups = [.. runs.Select((run, i) => (Run: run, Choices: Choices(options[i])))
            .GroupBy(entry => string.Join('\n', entry.Choices.Select(choice => choice.Value)))
            .Select(group => new ComparedGroup
            {
                Runs = [.. group.Select(entry => entry.Run).OrderBy(run => SeedOf(run.Description))],
                Choices = group.First().Choices,
            })
            .OrderByDescending(group => group.Mean)];
        return new()
        {
            Metric = runs[0].Images.Metric,
            Groups = [.. groups.Select((group, place) =>
                place == 0 ? group : group with { Difference = Against(groups[0], group, draws) })],
            Options = differing,
            Notes = [.. NotesOn(runs, groups)],
        };

        KeyValuePair<string, string>[] Choices(SortedDictionary<string, string> own) =>
            [.. differing.Select(name => KeyValuePair.Create(name, own.GetValueOrDefault(name, "default")))];
    }

    private static MetricDifference? Against(ComparedGroup best, ComparedGroup other, int draws)
    {
        ImageResults[] all = [.. best.Runs.Concat(other.Runs).Select(run => run.Images)];
        return all.All(images => PairedBootstrap.AreComparable(images, all[0]))
            ? PairedBootstrap.Compare([.. other.Runs.Select(run => run.Images)], [.. best.Runs.Select(run => run.Images)], draws) : null;
    }

    private static IEnumerable<string> NotesOn(IReadOnlyList<RunSummary> runs, ComparedGroup[] groups)
    {
        foreach (RunSummary run in runs)
            if (!run.IsFinished) yield return $"{run.Files.Folder} has not run to its end: its best epoch so far is shown.";
        if (runs.Select(run => run.Description.Train?.Fingerprint).Distinct().Count() > 1)
            yield return "The runs were not trained on the same images, so they differ in more than their options.";
        if (runs.Any(run => !PairedBootstrap.AreComparable(run.Images, runs[0].Images)))
            yield return "The runs were not all evaluated on the same images: metrics of different images cannot be compared.";
        else if (runs.Select(run => run.Description.Validation?.Fingerprint).Distinct().Count() > 1)
            yield return "The validation images have the same names, but their annotations changed between the runs.";
        foreach (ComparedGroup group in groups)
            if (group.Runs.GroupBy(run => SeedOf(run.Description)).Any(same => same.Count() > 1))
                yield return $"{group.Name}: two runs have the same options and the same seed, so their spread says little.";
        if (groups.Length > 1 && groups.All(group => group.Runs.Count == 1))
            yield return "Each was trained once: the intervals cover the choice of images, but not the randomness of training. " +
                "Train with several seeds to include it.";
    }

    private static int SeedOf(RunFile run) =>
        run.Options.TryGetValue(Seed, out OptionValue? value) && int.TryParse(value.ToString(), out int seed) ? seed : 0;

    private static SortedDictionary<string, string> OptionsOf(RunFile run)
    {
        SortedDictionary<string, string> all = new(StringComparer.Ordinal) { ["model"] = run.Model };
        foreach (var (name, value) in run.Options) all[name] = value.ToString();
        foreach (var (name, value) in run.Network) all[$"network.{name}"] = value.ToString();
        if (run.Source is { } source) all["data"] = source.Folder;
        return all;
    }
}
