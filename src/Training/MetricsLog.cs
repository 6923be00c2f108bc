using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vision.Weights;

namespace Vision.Training;

/// <summary>The metrics files of a run, appended to during training: <c>metrics.csv</c> with one row per epoch, <c>metrics.jsonl</c> with
/// epochs and steps.</summary>
internal sealed class MetricsLog
{
    private readonly RunFolder run;

    /// <summary>Opens the files. Steps and epochs after the checkpoint are removed, since they will be written again.</summary>
    /// <param name="run">The run's files.</param>
    /// <param name="epochs">The number of epochs done according to the checkpoint.</param>
    /// <param name="steps">The number of steps done according to the checkpoint.</param>
    public MetricsLog(RunFolder run, int epochs, int steps)
    {
        this.run = run;
        KeepLines(run.MetricsJsonl, line => Belongs(line, epochs, steps));
        KeepLines(run.MetricsCsv, row => !int.TryParse(row.Split(',')[0], out int epoch) || epoch <= epochs);
    }

    /// <summary>Writes the losses of a step.</summary>
    public void Write(StepReport step) => Append(run.MetricsJsonl, new JsonObject
    {
        ["kind"] = "step",
        ["epoch"] = step.Epoch,
        ["step"] = step.Step,
        ["learning_rate"] = step.LearningRate,
        ["loss"] = step.Loss,
        ["losses"] = ToJson(step.Losses),
        ["images_per_second"] = Math.Round(step.ImagesPerSecond, 3),
    }.ToJsonString());

    /// <summary>Writes an epoch's mean losses and its metrics.</summary>
    public void Write(EpochReport epoch)
    {
        Append(run.MetricsJsonl, new JsonObject
        {
            ["kind"] = "epoch",
            ["epoch"] = epoch.Epoch,
            ["step"] = epoch.Step,
            ["learning_rate"] = epoch.LearningRate,
            ["loss"] = epoch.Loss,
            ["losses"] = ToJson(epoch.Losses),
            ["metrics"] = ToJson(epoch.Validation.Metrics),
        }.ToJsonString());

        (string Name, double Value)[] columns =
        [
            ("epoch", epoch.Epoch), ("step", epoch.Step), ("learning_rate", epoch.LearningRate), ("loss", epoch.Loss),
            .. epoch.Losses.Select(loss => (loss.Key, loss.Value)),
            .. epoch.Validation.Metrics.Select(metric => (metric.Key, metric.Value)),
        ];
        if (!File.Exists(run.MetricsCsv)) Append(run.MetricsCsv, string.Join(',', columns.Select(column => column.Name)));
        Append(run.MetricsCsv, string.Join(',', columns.Select(column => column.Value.ToString(CultureInfo.InvariantCulture))));
    }

    // Json has no NaN, so values that are not finite become null.
    private static JsonObject ToJson(IEnumerable<KeyValuePair<string, double>> values) =>
        new(values.Select(value => KeyValuePair.Create(value.Key, double.IsFinite(value.Value) ? (JsonNode?)value.Value : null)));

    private static void Append(string path, string line) => File.AppendAllText(path, line + "\n");

    private static bool Belongs(string line, int epochs, int steps)
    {
        try
        {
            JsonNode entry = JsonNode.Parse(line)!;
            return (string?)entry["kind"] == "epoch" ? (int)entry["epoch"]! <= epochs : (int)entry["step"]! <= steps;
        }
        catch (JsonException)
        {
            return false;       // the line that was being written when the process was killed
        }
    }

    private static void KeepLines(string path, Func<string, bool> keep)
    {
        if (!File.Exists(path)) return;
        string[] kept = [.. File.ReadLines(path).Where(keep)];
        AtomicFile.Write(path, stream =>
        {
            using StreamWriter writer = new(stream, leaveOpen: true) { NewLine = "\n" };
            foreach (string line in kept) writer.WriteLine(line);
        });
    }
}
