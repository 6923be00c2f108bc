using System.CommandLine;
using Vision.Data;
using Vision.Training;

namespace Vision.Cli;

/// <summary>Options that several commands share, so that they are the same everywhere.</summary>
internal static class CommonOptions
{
    /// <summary>The argument MODEL, which may also be an exported file.</summary>
    public static Argument<string> ModelOrFile() => new("MODEL|FILE.onnx")
    {
        Description = "The model's name, such as fasterrcnn_resnet50_fpn or resnet18 (\"vision models\" lists them), with its --weights; " +
            "or an exported file, which is complete.",
    };

    /// <summary>The argument MODEL.</summary>
    public static Argument<string> Model() => new("MODEL")
    {
        Description = "The model's name, such as fasterrcnn_resnet50_fpn or resnet18; \"vision models\" lists them.",
    };

    /// <summary><c>--backbone</c></summary>
    public static Option<string?> Backbone(string description = "Backbone in place of the one in the model's name.") => new("--backbone")
    {
        Description = description,
        HelpName = "NAME",
    };

    /// <summary><c>--weights</c>: a file, or a name that <see cref="WeightsArgument"/> resolves.</summary>
    public static Option<string> Weights(bool required, string description) =>
        new("--weights") { Description = description, HelpName = "FILE|NAME", Required = required };

    /// <summary><c>--data</c>, an existing folder.</summary>
    public static Option<DirectoryInfo> Data()
    {
        Option<DirectoryInfo> option = new("--data") { Description = "The folder of the data set.", HelpName = "DIR", Required = true };
        return option.AcceptExistingOnly();
    }

    /// <summary><c>--data-format</c></summary>
    public static Option<string> DataFormat()
    {
        Option<string> option = new("--data-format")
        {
            Description = "The format of the data set; auto detects it from the folder.",
            DefaultValueFactory = _ => "auto",
        };
        return option.AcceptOnlyFromAmong([.. Enum.GetNames<DatasetFormat>().Select(name => name.ToLowerInvariant())]);
    }

    /// <summary><c>--device</c></summary>
    public static Option<string> Device()
    {
        Option<string> option = new("--device")
        {
            Description = "The device to compute on; auto uses a CUDA device if there is one.",
            DefaultValueFactory = _ => "auto",
        };
        return option.AcceptOnlyFromAmong("auto", "cpu", "cuda");
    }

    /// <summary><c>--json</c></summary>
    public static Option<FileInfo?> Json() =>
        new("--json") { Description = "Also write the result to this file, as JSON.", HelpName = "FILE" };

    /// <summary>An integer above 0.</summary>
    public static Option<int> Count(string name, int preset, string description)
    {
        Option<int> option = new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => preset };
        RequirePositive(option);
        return option;
    }

    /// <summary>An integer above 0 whose default depends on the model.</summary>
    public static Option<int?> Count(string name, string description)
    {
        Option<int?> option = new(name) { Description = description, HelpName = "N" };
        RequirePositive(option);
        return option;
    }

    /// <summary>Rejects options that were given but do not apply to a model.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="options">The options.</param>
    /// <param name="takers">The kinds of models that they apply to.</param>
    /// <exception cref="InputException">One was given, and the model is of another kind.</exception>
    public static void Refuse(ParseResult parsed, string model, IEnumerable<Option> options, params ModelKind[] takers) =>
        Refuse(parsed, model, ModelKinds.Of(model), options, takers);

    /// <summary>The same for a model whose kind is known.</summary>
    public static void Refuse(ParseResult parsed, string model, ModelKind kind, IEnumerable<Option> options, params ModelKind[] takers)
    {
        if (takers.Contains(kind)) return;
        foreach (Option option in options)
            if (parsed.GetResult(option) is { Implicit: false })
                throw new InputException(
                    $"{option.Name} is for {string.Join(" and ", takers.Select(taker => taker.Name() + "s"))}, but {model} is a " +
                    $"{kind.Name()}: leave it out.");
    }

    private static void RequirePositive(Option option) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < 1)
            result.AddError($"{option.Name} is {value}; it must be 1 or more.");
    });
}
