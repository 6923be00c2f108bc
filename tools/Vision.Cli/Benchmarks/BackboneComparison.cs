using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using Vision.Backbones;
using Vision.Cli.Output;

namespace Vision.Cli.Benchmarks;

/// <summary>Compares one detector on several backbones in a table: size, speed and published accuracy.</summary>
internal static class BackboneComparison
{
    /// <summary>Times the backbones one after another and prints a row for each; differences are relative to the first.</summary>
    /// <param name="options">What to time.</param>
    /// <param name="backbones">Two or more names.</param>
    /// <param name="iterations">Batches to time for each backbone.</param>
    /// <param name="json">A file to write the rows to as well; null for none.</param>
    /// <exception cref="InputException">There is no such detector or backbone.</exception>
    public static int Run(BenchOptions options, IReadOnlyList<string> backbones, int iterations, FileInfo? json)
    {
        // Before the first is timed: an unknown name should not end a long comparison.
        foreach (string name in backbones) BackboneRegistry.Get(name);

        var rows = ProgressBar.Show(options.Model, report => backbones.Select((name, index) =>
        {
            using BenchSubject subject = BenchSubject.Create(options with { Backbone = name });
            Timing timing = Timing.Of(subject.Step, iterations);
            report(index + 1, backbones.Count);
            return (name, subject.Parameters, timing);
        }).ToList());
        AnsiConsole.Write(ToTable(rows));
        JsonFile.Write(json, new JsonObject { ["backbones"] = new JsonArray([.. rows.Select(row => ToJson(row, options.BatchSize))]) });
        return 0;
    }

    private static Table ToTable(List<(string Name, long Parameters, Timing Timing)> rows)
    {
        Table table = new() { Border = TableBorder.Markdown };
        table.AddColumn("Backbone");
        foreach (string header in (string[])["Params (M)", "ms", "vs. the first"])
            table.AddColumn(new TableColumn(header).RightAligned());
        table.AddColumn("Stages used (channels/stride)").AddColumn(new TableColumn("ImageNet top-1").RightAligned());
        foreach (var (name, parameters, timing) in rows)
        {
            BackboneFacts facts = BackboneRegistry.Get(name).Facts;
            table.AddRow(
                name, Number(parameters / 1e6, "F1"), Number(timing.Median, "F0"),
                $"{Number((parameters - rows[0].Parameters) / 1e6, "+0.0;−0.0;0")} M, " +
                    $"{Number(timing.Median / rows[0].Timing.Median, "F2")}×",
                string.Join(' ', facts.Stages.TakeLast(4).Select(stage => $"{stage.Channels}/{stage.Reduction}")),
                facts.Weights.LastOrDefault() is { } weights ? Number(weights.Top1, "F1") : "");
        }
        return table;
    }

    private static JsonObject ToJson((string Name, long Parameters, Timing Timing) row, int batchSize) => new()
    {
        ["backbone"] = row.Name, ["parameters"] = row.Parameters,
        ["median_ms"] = row.Timing.Median, ["min_ms"] = row.Timing.Minimum, ["images_per_s"] = 1000 * batchSize / row.Timing.Median,
    };

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
