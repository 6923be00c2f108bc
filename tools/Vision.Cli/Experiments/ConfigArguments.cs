using System.CommandLine;
using System.Globalization;
using Vision.Training;

namespace Vision.Cli.Experiments;

/// <summary>The options of <c>vision train</c> that a <c>run.yaml</c> stands for.</summary>
internal static class ConfigArguments
{
    // The words of the command line for the library's options. Those that are not here have the same name, with - for _.
    private static readonly Dictionary<string, string> words = new()
    {
        ["learning_rate"] = "--lr", ["backbone_rate_factor"] = "--backbone-lr-factor", ["layer_rate_decay"] = "--layer-lr-decay",
        ["warmup_steps"] = "--warmup", ["clip_gradient_norm"] = "--clip", ["average_decay"] = "--ema", ["thaw_epoch"] = "--thaw-at",
        ["precise_batch_norm"] = "--precise-bn", ["augmentation"] = "--augment", ["cut_mix"] = "--cutmix",
        ["roi.samples_per_image"] = "--roi-samples", ["detr.queries"] = "--queries", ["detr.dropout"] = "--dropout",
    };

    /// <summary>The arguments of the command line for a file: each option with its values.</summary>
    /// <param name="file">What was read.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="InputException">The file has an option that only a program can set.</exception>
    public static IEnumerable<(string Option, string[] Values)> Of(RunFile file, string path)
    {
        if (file.Source is { } source)
        {
            yield return ("--data", [source.Folder]);
            yield return ("--data-format", [source.Format.ToString().ToLowerInvariant()]);
            if (source.TrainSplit is { } train) yield return ("--train-split", [train]);
            if (source.ValidationSplit is { } validation) yield return ("--val-split", [validation]);
        }
        foreach (var (name, value) in file.Options.Where(option => option.Value.IsGiven))
            if (Arguments(name, value) is { } argument) yield return argument;
        foreach (var (name, value) in file.Network.Where(option => option.Value.IsGiven))
            yield return OfNetwork(name, value) ?? throw new InputException(
                $"{path}: network.{name} was changed by a program, and no option of the command line does: repeat that program, " +
                "or remove it.");
    }

    private static (string, string[])? Arguments(string name, OptionValue value)
    {
        string text = value.Texts.Count > 0 ? value.Texts[0] : "";
        return name switch
        {
            "flip" => text == "false" ? ("--no-flip", []) : null,
            "sync_batch_norm" => text == "true" ? ("--sync-bn", []) : null,
            "fresh_head" or "freeze_backbone" => text == "true" ? (Word(name), []) : null,
            // These count from 1 on the command line, where leaving them out is none.
            "save_top" or "precise_batch_norm" when text == "0" => null,
            "precision" => ("--precision", [text switch { "bfloat16" => "bf16", "float16" => "fp16", _ => "fp32" }]),
            "time_budget" => ("--time-budget", [Seconds(text)]),
            "loss" when value.IsList => ("--loss", [text]),
            _ when value is { IsList: true, Texts.Count: 0 } => null,
            _ => (Word(name), [.. value.Texts]),
        };
    }

    /// <summary>The flag that asks for the class weights that a loss was made with.</summary>
    public static string[] ClassWeights(RunFile file) =>
        file.Options.TryGetValue("loss", out OptionValue? loss) && loss.IsList ? ["--class-weights"] : [];

    private static (string, string[])? OfNetwork(string name, OptionValue value) => name switch
    {
        "auxiliary" => ("--no-aux", []),
        "separable" => ("--separable", []),
        "deformable_stages" or "output_stride" or "multi_grid" => (Word(name), [.. value.Texts]),
        _ => words.TryGetValue(name, out string? word) ? (word, [.. value.Texts]) : null,
    };

    private static string Word(string name) => words.TryGetValue(name, out string? word) ? word : $"--{name.Replace('_', '-')}";

    private static string Seconds(string time) => string.Create(CultureInfo.InvariantCulture,
        $"{TimeSpan.Parse(time, CultureInfo.InvariantCulture).TotalSeconds}s");
}
