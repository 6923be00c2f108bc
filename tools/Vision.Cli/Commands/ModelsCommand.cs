using System.CommandLine;
using System.IO.Enumeration;
using System.Text.Json.Nodes;
using Spectre.Console;
using Vision.Backbones;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Detection;

namespace Vision.Cli.Commands;

/// <summary><c>vision models</c>: lists what can be named as MODEL.</summary>
internal static class ModelsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> pattern = new("PATTERN")
        {
            Description = "Which names to list; * stands for anything.",
            DefaultValueFactory = _ => "*",
        };
        Option<string?> task = new("--task") { Description = "Only models for this task." };
        task.AcceptOnlyFromAmong("detection", "classification");
        Option<FileInfo?> json = CommonOptions.Json();
        CommandWithExamples command = new("models", "Lists the models by name.",
            "vision models",
            "vision models \"*resnet50*\" --task detection --json models.json")
        {
            pattern, task, json,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(pattern), parsed.GetValue(task), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string pattern, string? task, FileInfo? json)
    {
        var all = DetectorCatalog.Names.Select(name => (Name: name, Task: "detection"))
            .Concat(BackboneRegistry.Names.Select(name => (Name: name, Task: "classification")));
        var models = all.Where(model => (task ?? model.Task) == model.Task && FileSystemName.MatchesSimpleExpression(pattern, model.Name)).ToList();
        if (models.Count == 0)
            throw new InputException($"No model{(task is null ? "" : $" for {task}")} matches '{pattern}'; \"vision models\" lists all.");

        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn("Model").AddColumn("Task");
        foreach (var (name, purpose) in models) table.AddRow(name, purpose);
        AnsiConsole.Write(table);
        JsonFile.Write(json, new JsonObject
        {
            ["models"] = new JsonArray([.. models.Select(model => new JsonObject { ["name"] = model.Name, ["task"] = model.Task })]),
        });
        return 0;
    }
}
