using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using Vision.Cli.Output;
using Vision.Evaluation;
using Vision.Graphs;
using Vision.Training;
using Vision.Visualization;

namespace Vision.Cli.Experiments;

/// <summary>A comparison of runs with what their models cost, as a table, JSON, or a plot.</summary>
internal sealed class ComparisonReport
{
    private readonly IReadOnlyList<string> leftOut;

    private ComparisonReport(Comparison comparison, IReadOnlyList<RunCost> costs, IReadOnlyList<string> leftOut) =>
        (Comparison, Costs, this.leftOut) = (comparison, costs, leftOut);

    /// <summary>The comparison.</summary>
    public Comparison Comparison { get; }

    /// <summary>The costs of each group's best model.</summary>
    public IReadOnlyList<RunCost> Costs { get; }

    /// <summary>Whether the times were measured.</summary>
    public bool IsTimed => Costs.All(cost => cost.Milliseconds is not null);

    /// <summary>Reads the runs and measures their models.</summary>
    /// <exception cref="InputException">A run cannot be read, or they cannot be compared.</exception>
    public static ComparisonReport Create(IReadOnlyList<string> folders, bool timed, CancellationToken cancellation)
    {
        Comparison comparison = Comparison.Of(RunSummary.ReadAll(folders));
        return new(comparison, ProgressBar.Show("measuring", report => comparison.Groups.Select((group, i) =>
        {
            cancellation.ThrowIfCancellationRequested();
            RunCost cost = RunCost.Of(group.Best, timed);
            report(i + 1, comparison.Groups.Count);
            return cost;
        }).ToList()), RunSummary.LeftOut(folders));
    }

    /// <summary>The headers and cells of the table. The first columns are the options that differ.</summary>
    public (string[] Headers, string[][] Rows) Table()
    {
        string[] options = Comparison.Options.Count > 0 ? [.. Comparison.Options] : ["model"];
        string[] headers =
        [
            .. options, Comparison.Metric, "vs. the best [95 %]", "", "Params", "MACs",
            .. IsTimed ? ["ms/image"] : Array.Empty<string>(), "Training",
        ];
        return (headers, [.. Comparison.Groups.Zip(Costs, (group, cost) => (string[])
        [
            .. group.Choices.Count > 0 ? group.Choices.Select(choice => choice.Value) : [group.Name],
            Score(group), Difference(group.Difference), Verdict(group),
            Quantity.Of(cost.Parameters), cost.MultiplyAdds is { } macs ? Quantity.Of(macs) : "–",
            .. IsTimed ? [Number(cost.Milliseconds!.Value, "0.0")] : Array.Empty<string>(),
            group.Seconds is { } seconds ? DurationText.Of(seconds) : "–",
        ])]);
    }

    /// <summary>Prints the table, in two parts that fit a terminal, and the remarks.</summary>
    public void Print()
    {
        var (headers, rows) = Table();
        int options = Math.Max(1, Comparison.Options.Count), difference = options + 1, verdict = options + 2;
        // Columns of their own for the options would not fit.
        string head = string.Join(", ", headers[..options]);
        int[] costs = [options, .. Enumerable.Range(verdict + 1, headers.Length - verdict - 1)];
        Print([head, .. costs.Select(i => headers[i])],
            Comparison.Groups.Zip(rows, (group, row) => (string[])[group.Name, .. costs.Select(i => row[i])]));
        if (rows.Length > 1)
            Print([head, headers[difference], ""],
                Comparison.Groups.Zip(rows, (group, row) => (string[])[group.Name, row[difference], row[verdict]]).Skip(1));
        foreach (string note in Notes()) AnsiConsole.WriteLine(note);
    }

    private static void Print(string[] headers, IEnumerable<string[]> rows)
    {
        Table table = new() { Border = TableBorder.Simple };
        foreach (var (i, header) in headers.Index())
            table.AddColumn(new TableColumn(Markup.Escape(header)) { NoWrap = i > 0, Alignment = i == 0 ? Justify.Left : Justify.Right });
        foreach (string[] row in rows) table.AddRow([.. row.Select(Markup.Escape)]);
        AnsiConsole.Write(table);
    }

    /// <summary>What the table means, and remarks, one line each.</summary>
    public IEnumerable<string> Notes()
    {
        if (Comparison.Groups.Any(group => group.Runs.Count > 1))
            yield return $"{Comparison.Metric} is the mean ± the standard deviation over the seeds (their number in brackets), " +
                "each of its best epoch.";
        if (Comparison.Groups.Count > 1)
            yield return "A difference is real if 0 lies outside its 95 % interval, by paired bootstrap over the validation images; " +
                "otherwise it is not shown by these runs.";
        foreach (string note in Comparison.Notes) yield return $"Note: {note}";
        foreach (string run in leftOut) yield return $"Note: {run} is left out: it has not completed an epoch.";
    }

    /// <summary>The comparison as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["metric"] = Comparison.Metric,
        ["groups"] = new JsonArray([.. Comparison.Groups.Zip(Costs, (group, cost) => new JsonObject
        {
            ["options"] = new JsonObject(group.Choices.Select(choice => KeyValuePair.Create(choice.Key, (JsonNode?)choice.Value))),
            ["mean"] = group.Mean,
            ["deviation"] = group.Deviation,
            ["runs"] = new JsonArray([.. group.Runs.Select(run => new JsonObject
            {
                ["folder"] = run.Files.Folder, ["score"] = run.Score, ["seconds"] = run.Seconds,
            })]),
            ["difference"] = group.Difference is not { } difference ? null : new JsonObject
            {
                ["value"] = difference.Difference, ["low"] = difference.Low, ["high"] = difference.High, ["real"] = difference.IsReal,
                ["covers_seeds"] = difference.Seeds,
            },
            ["parameters"] = cost.Parameters,
            ["multiply_adds"] = cost.MultiplyAdds,
            ["ms_per_image"] = cost.Milliseconds,
            ["training_seconds"] = group.Seconds,
        })]),
        ["notes"] = new JsonArray([.. Comparison.Notes.Select(note => (JsonNode?)note)]),
    };

    /// <summary>The models for a plot of the metric against the time per image.</summary>
    public IReadOnlyList<TradeOffPoint> Points() => [.. Comparison.Groups.Zip(Costs, (group, cost) =>
        new TradeOffPoint(group.Name, cost.Milliseconds!.Value, group.Mean, group.Deviation ?? 0))];

    private static string Score(ComparedGroup group) => group.Deviation is { } deviation
        ? $"{Number(group.Mean, "0.000")} ± {Number(deviation, "0.000")} ({group.Runs.Count})" : Number(group.Mean, "0.000");

    private static string Difference(MetricDifference? difference) => difference is null ? ""
        : $"{Number(difference.Difference, "+0.000;−0.000")} " +
            $"[{Number(difference.Low, "+0.000;−0.000")}, {Number(difference.High, "+0.000;−0.000")}]";

    private string Verdict(ComparedGroup group) => group == Comparison.Groups[0] ? "best"
        : group.Difference is null ? "other images" : group.Difference.IsReal ? "real" : "not shown";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
