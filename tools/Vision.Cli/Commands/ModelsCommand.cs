using System.CommandLine;
using System.IO.Enumeration;
using System.Text.Json.Nodes;
using Spectre.Console;
using Vision.Backbones;
using Vision.Cli.Output;
using Vision.Detection;
using Vision.Segmentation;

namespace Vision.Cli.Commands;

/// <summary><c>vision models</c>: lists the names that MODEL accepts.</summary>
internal static class ModelsCommand
{
    private const string Classification = "classification", Semantic = "semantic";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> pattern = new("PATTERN")
        {
            Description = "Names to list; * matches anything.",
            DefaultValueFactory = _ => "*",
        };
        Option<string?> task = new("--task") { Description = "List only models for this task." };
        task.AcceptOnlyFromAmong([.. Enum.GetValues<DetectorTask>().Select(TaskName), Semantic, Classification]);
        Option<FileInfo?> json = CommonOptions.Json();
        CommandWithExamples command = new("models", "Lists the models by name.",
            "vision models",
            "vision models \"resnet*\" --task classification",
            "vision models \"*resnet50*\" --task detection --json models.json")
        {
            pattern, task, json,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(pattern), parsed.GetValue(task), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string pattern, string? task, FileInfo? json)
    {
        var models = WithBackbones(DetectorCatalog.DefaultNames, SegmenterCatalog.DefaultNames, pattern, task);
        bool onUsualBackbones = models.Count > 0;
        if (!onUsualBackbones) models = WithBackbones(DetectorCatalog.Names, SegmenterCatalog.Names, pattern, task);
        if (task is null or Classification) models.AddRange(BackboneRegistry.Find(pattern).Select(entry => (entry.Name, Classification)));
        if (models.Count == 0)
            throw new InputException($"No model{(task is null ? "" : $" for {task}")} matches '{pattern}'; \"vision models\" lists all.");

        AnsiConsole.Write(models.Any(model => model.Task == Classification) ? DetailedTable(models) : PlainTable(models));
        if (onUsualBackbones)
            AnsiConsole.WriteLine(
                "Any classification model can replace the backbone of a detector or segmenter: " +
                "fasterrcnn_resnet18_fpn, or --backbone resnet18.");
        JsonFile.Write(json, new JsonObject { ["models"] = new JsonArray([.. models.Select(model => ToJson(model.Name, model.Task))]) });
        return 0;
    }

    private static List<(string Name, string Task)> WithBackbones(
        IEnumerable<string> detectors, IEnumerable<string> segmenters, string pattern, string? task) =>
    [
        .. detectors.Select(name => (Name: name, Task: TaskName(DetectorCatalog.ArchitectureOf(name).Task)))
            .Concat(segmenters.Select(name => (Name: name, Task: Semantic)))
            .Where(model => (task ?? model.Task) == model.Task && FileSystemName.MatchesSimpleExpression(pattern, model.Name)),
    ];

    private static string TaskName(DetectorTask task) => task.ToString().ToLowerInvariant();

    private static Table PlainTable(IEnumerable<(string Name, string Task)> models)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn("Model").AddColumn("Task");
        foreach (var (name, task) in models) table.AddRow(name, task);
        return table;
    }

    private static Table DetailedTable(IEnumerable<(string Name, string Task)> models)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn("Model").AddColumn("Task")
            .AddColumn(new TableColumn("Params (M)").RightAligned()).AddColumn(new TableColumn("GFLOPs").RightAligned())
            .AddColumn("Stages (channels/stride)")
            .AddColumn(new TableColumn("Top-1").RightAligned()).AddColumn(new TableColumn("Top-5").RightAligned())
            .AddColumn("Resize, crop");
        foreach (var (name, task) in models)
        {
            if (task != Classification)
            {
                table.AddRow(name, task, "", "", "", "", "", "");
                continue;
            }
            BackboneFacts facts = BackboneRegistry.Get(name).Facts;
            PublishedWeights? best = facts.Weights.LastOrDefault();
            table.AddRow(name, task, $"{facts.Parameters / 1e6:F2}", $"{facts.GigaFlops:F2}",
                string.Join(' ', facts.Stages.Select(stage => $"{stage.Channels}/{stage.Reduction}")),
                best is null ? "" : $"{best.Top1:F2}", best is null ? "" : $"{best.Top5:F2}",
                best is null ? "" : $"{best.Preprocessing.Resize}, {best.Preprocessing.Crop}");
        }
        return table;
    }

    private static JsonObject ToJson(string name, string task)
    {
        JsonObject json = new() { ["name"] = name, ["task"] = task };
        if (task != Classification) return json;
        BackboneEntry entry = BackboneRegistry.Get(name);
        json["family"] = entry.Family;
        json["parameters"] = entry.Facts.Parameters;
        json["gflops"] = entry.Facts.GigaFlops;
        json["stages"] = new JsonArray(
            [.. entry.Facts.Stages.Select(stage => new JsonObject { ["channels"] = stage.Channels, ["stride"] = stage.Reduction })]);
        json["weights"] = new JsonArray([.. entry.Facts.Weights.Select(ToJson)]);
        return json;
    }

    private static JsonObject ToJson(PublishedWeights weights) => new()
    {
        ["name"] = weights.Name, ["url"] = weights.Url, ["sha256_prefix"] = weights.Hash, ["top1"] = weights.Top1, ["top5"] = weights.Top5,
        ["resize"] = weights.Preprocessing.Resize, ["crop"] = weights.Preprocessing.Crop,
        ["interpolation"] = weights.Preprocessing.Interpolation.ToString().ToLowerInvariant(),
        ["mean"] = Numbers(weights.Preprocessing.Mean), ["std"] = Numbers(weights.Preprocessing.Std),
    };

    private static JsonArray Numbers(IEnumerable<float> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
