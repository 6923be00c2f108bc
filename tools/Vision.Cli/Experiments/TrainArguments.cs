using System.CommandLine;
using System.CommandLine.Parsing;
using Vision.Training;

namespace Vision.Cli.Experiments;

/// <summary>A command line of <c>vision train</c> as its options and their texts, before anything is made of these.</summary>
internal sealed class TrainArguments
{
    private const string Model = "MODEL";

    // These say how runs are done and where, not what is done in them.
    private static readonly string[] aboutRuns = ["--out", "--config", "--seeds", "--jobs", "--resume"];

    private readonly Command command;
    private readonly OrderedDictionary<string, string[]> texts = [];

    private TrainArguments(Command command) => this.command = command;

    /// <summary>The arguments of a command line.</summary>
    public static TrainArguments Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        TrainArguments found = new(command);
        if (parsed.GetResult(command.Arguments[0])?.Tokens is [{ Value: var model }, ..]) found.texts[Model] = [model];
        foreach (Option option in command.Options)
            if (parsed.GetResult(option) is { Implicit: false } result)
                found.texts[option.Name] = [.. result.Tokens.Select(token => token.Value)];
        return found;
    }

    /// <summary>The single text of an option; null if it was not given.</summary>
    public string? this[string option] => texts.TryGetValue(option, out string[]? own) ? own.FirstOrDefault("") : null;

    /// <summary>The model's name.</summary>
    public string? ModelName => this[Model];

    /// <summary>Adds what a file says, except what the command line says itself.</summary>
    /// <exception cref="InputException">The file has an option that no option of the command line sets.</exception>
    public void Add(RunFile file, string path)
    {
        texts.TryAdd(Model, [file.Model]);
        bool givesLoss = texts.ContainsKey("--loss");
        foreach (var (option, values) in ConfigArguments.Of(file, path))
        {
            if (command.Options.All(known => known.Name != option))
                throw new InputException($"{path}: its option {option[2..].Replace('-', '_')} can only be set by a program: remove it.");
            texts.TryAdd(option, values);
        }
        if (!givesLoss)
            foreach (string flag in ConfigArguments.ClassWeights(file)) texts.TryAdd(flag, []);
    }

    /// <summary>The options that list several values, separated by commas, and so ask for several runs; the seeds come last.</summary>
    /// <exception cref="InputException">The seeds are given in two ways, or are no numbers.</exception>
    public IReadOnlyList<ExperimentAxis> Axes()
    {
        List<ExperimentAxis> axes = [];
        foreach (var (name, own) in texts)
        {
            if (own is not [var text] || !text.Contains(',') || aboutRuns.Contains(name) || Path.Exists(text)) continue;
            Option? option = command.Options.FirstOrDefault(known => known.Name == name);
            if (option is not null && (option.Arity.MaximumNumberOfValues != 1 || option.ValueType == typeof(bool))) continue;
            axes.Add(new(name == Model ? "model" : name.TrimStart('-'), text.Split(',', StringSplitOptions.TrimEntries)));
        }
        // The runs of a group follow each other if only the seed changes from one to the next.
        axes = [.. axes.OrderBy(axis => axis.Option == "seed" ? 1 : 0)];
        if (this["--seeds"] is not { } seeds) return axes;
        if (axes.Any(axis => axis.Option == "seed"))
            throw new InputException("--seeds counts up from --seed, which lists several seeds itself: leave one of them out.");
        if (!int.TryParse(seeds, out int count) || count < 1) throw new InputException($"--seeds is {seeds}; it must be 1 or more.");
        if (!int.TryParse(this["--seed"] ?? "0", out int first))
            throw new InputException($"--seed is {this["--seed"]}; it must be a number.");
        axes.Add(new("seed", [.. Enumerable.Range(first, count).Select(seed => $"{seed}")]));
        return axes;
    }

    /// <summary>The command line.</summary>
    public string[] ToArray() => ToArray(texts);

    /// <summary>The command line of one run of several.</summary>
    /// <param name="run">The run.</param>
    /// <param name="folder">Its folder.</param>
    public string[] ToArray(ExperimentRun run, string folder)
    {
        OrderedDictionary<string, string[]> own = new(texts.Where(entry => !aboutRuns.Contains(entry.Key)));
        foreach (var (option, value) in run.Choices) own[option == "model" ? Model : $"--{option}"] = [value];
        own["--out"] = [folder];
        own["--resume"] = [];
        return ToArray(own);
    }

    private string[] ToArray(OrderedDictionary<string, string[]> all) =>
    [
        command.Name, .. all.TryGetValue(Model, out string[]? model) ? model : [],
        .. all.Where(entry => entry.Key != Model).SelectMany(entry => entry.Value.Prepend(entry.Key)),
    ];
}
