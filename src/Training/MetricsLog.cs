using System.Text.Json;
using System.Text.Json.Nodes;
using Vision.Weights;

namespace Vision.Training;

/// <summary>Writes the metrics files of a run: <c>metrics.jsonl</c>, appended to, with steps and epochs, and <c>metrics.csv</c> with one
/// row per epoch.</summary>
internal sealed class MetricsLog : TrainingCallback
{
    private readonly List<JsonObject> epochs = [];

    /// <summary>Opens the files. Steps and epochs after the checkpoint are removed, since they will be written again.</summary>
    public override void Started(TrainingRun run)
    {
        if (!File.Exists(run.Files.MetricsJsonl)) return;
        List<string> kept = [];
        foreach (string line in File.ReadLines(run.Files.MetricsJsonl))
        {
            if (Parsed(line) is not { } entry || !IsBeforeCheckpoint(entry, run)) continue;
            kept.Add(line);
            if (IsEpoch(entry)) epochs.Add(entry);
        }
        Write(run.Files.MetricsJsonl, kept);
        WriteTable(run.Files.MetricsCsv);
    }

    /// <inheritdoc/>
    public override void StepEnded(TrainingRun run, StepReport step)
    {
        if (step.Step % run.Options.LogEverySteps != 0) return;
        JsonObject line = new()
        {
            ["kind"] = "step",
            ["epoch"] = step.Epoch,
            ["step"] = step.Step,
            ["learning_rate"] = step.LearningRate,
            ["loss"] = step.Loss,
            ["losses"] = ToJson(step.Losses),
            ["gradient_norm"] = step.GradientNorm,
        };
        if (step.LossScale is { } scale) line["loss_scale"] = scale;
        AddLogged(line, run);
        line["images_per_second"] = Math.Round(step.ImagesPerSecond, 3);
        Append(run.Files.MetricsJsonl, line);
    }

    /// <inheritdoc/>
    public override void EpochEnded(TrainingRun run, EpochReport epoch)
    {
        JsonObject line = new()
        {
            ["kind"] = "epoch",
            ["epoch"] = epoch.Epoch,
            ["step"] = epoch.Step,
            ["learning_rate"] = epoch.LearningRate,
            ["loss"] = epoch.Loss,
            ["losses"] = ToJson(epoch.Losses),
            ["metrics"] = ToJson(epoch.Validation.Metrics),
        };
        if (epoch.AverageValidation is { } average)
            line["average_metrics"] = ToJson(average.Metrics.Select(metric => KeyValuePair.Create("average_" + metric.Key, metric.Value)));
        AddLogged(line, run);
        Append(run.Files.MetricsJsonl, line);
        epochs.Add(line);
        WriteTable(run.Files.MetricsCsv);
    }

    private static void AddLogged(JsonObject line, TrainingRun run)
    {
        if (run.TakeLogged() is { Count: > 0 } values) line["values"] = ToJson(values);
    }

    /// <summary>Writes the table anew, since an epoch may have columns that those before it lack.</summary>
    private void WriteTable(string path)
    {
        Dictionary<string, string>[] rows = [.. epochs.Select(epoch => Cells(epoch).ToDictionary())];
        string[] columns = [.. rows.SelectMany(row => row.Keys).Distinct()];
        if (rows.Length == 0) File.Delete(path);
        else Write(path, [Line(columns), .. rows.Select(row => Line(columns.Select(name => row.GetValueOrDefault(name))))]);

        static string Line(IEnumerable<string?> cells) => string.Join(',', cells);
    }

    private static IEnumerable<KeyValuePair<string, string>> Cells(JsonObject epoch) => epoch
        .Where(entry => entry.Key != "kind")
        .SelectMany(entry => entry.Value is JsonObject group ? group.AsEnumerable() : [entry])
        .Select(cell => KeyValuePair.Create(cell.Key, cell.Value?.ToJsonString() ?? "NaN"))
        .DistinctBy(cell => cell.Key);

    // Json has no NaN, so values that are not finite become null.
    private static JsonObject ToJson(IEnumerable<KeyValuePair<string, double>> values) =>
        new(values.Select(value => KeyValuePair.Create(value.Key, double.IsFinite(value.Value) ? (JsonNode?)value.Value : null)));

    private static bool IsEpoch(JsonObject entry) => (string?)entry["kind"] == "epoch";

    private static bool IsBeforeCheckpoint(JsonObject entry, TrainingRun run) =>
        IsEpoch(entry) ? (int)entry["epoch"]! <= run.Epoch : (int)entry["step"]! <= run.Step;

    /// <summary>A line; null if it was being written when the process was killed.</summary>
    private static JsonObject? Parsed(string line)
    {
        try
        {
            return JsonNode.Parse(line)!.AsObject();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Append(string path, JsonObject line) => File.AppendAllText(path, line.ToJsonString() + "\n");

    private static void Write(string path, IReadOnlyList<string> lines) => AtomicFile.Write(path, stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true) { NewLine = "\n" };
        foreach (string line in lines) writer.WriteLine(line);
    });
}
