using Vision.Training;

namespace Vision.Cli.Experiments;

/// <summary>Compares what a run is told to do with what an earlier one was told.</summary>
internal static class RunDifferences
{
    private const string Seed = "seed";

    /// <summary>Warns, one line each, of what keeps a run that is repeated from giving the same weights.</summary>
    /// <param name="path">The file of the earlier run.</param>
    /// <param name="before">What it says.</param>
    /// <param name="now">The run that is about to begin.</param>
    public static void Warn(string path, RunFile before, RunFile now)
    {
        foreach (var (what, old, current) in
            ((string, RunData?, RunData?)[])[("training", before.Train, now.Train), ("validation", before.Validation, now.Validation)])
        {
            if (old is not null && old.Fingerprint != current!.Fingerprint)
                Say($"the {what} data changed since {path} was written ({old.Images} images then, {current.Images} now): the result will " +
                    "differ.");
        }
        if (before.Machine is { } machine && now.Machine!.DifferencesFrom(machine) is { Count: > 0 } differences)
            Say($"the weights may differ in their last digits from those of {path}: {string.Join(", ", differences)}.");
    }

    /// <summary>Checks that a run that has begun was told the same, apart from the seed.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="now">The run that is to be continued or skipped.</param>
    /// <exception cref="InputException">It was told something else.</exception>
    public static void RequireSame(string path, RunFile now)
    {
        if (!File.Exists(path)) return;                 // its checkpoint knows most of it, and is compared when the run goes on
        RunFile before = RunFile.Read(path);
        List<string> differences = [];
        Compare("model", before.Model, now.Model);
        foreach (string name in before.Options.Keys.Union(now.Options.Keys).Where(name => name != Seed))
            Compare(name, Text(before.Options, name), Text(now.Options, name));
        foreach (string name in before.Network.Keys.Union(now.Network.Keys))
            Compare(name, Text(before.Network, name), Text(now.Network, name));
        Compare("the training data", before.Train?.Fingerprint, now.Train?.Fingerprint);
        Compare("the validation data", before.Validation?.Fingerprint, now.Validation?.Fingerprint);
        if (differences.Count > 0)
            throw new InputException($"{Path.GetDirectoryName(path)} was begun with other options: {string.Join(", ", differences)}. Use " +
                "those, or choose another folder by --out.");

        void Compare(string name, string? old, string? current)
        {
            if (old != current) differences.Add($"{name} was {old} and is now {current}");
        }
    }

    private static string Text(IReadOnlyDictionary<string, OptionValue> options, string name) =>
        options.GetValueOrDefault(name, OptionValue.None).ToString();

    private static void Say(string warning) => Console.Error.WriteLine($"vision: warning: {warning}");
}
