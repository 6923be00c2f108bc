using System.Text.Json.Nodes;
using Vision.Data;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

/// <summary>Several processes train as one would.</summary>
[Trait("Category", "Slow")]
public class RanksTests
{
    [SkippableTheory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public void Steps_equal_those_of_one_process_with_the_whole_batches(int processes, bool syncNorm)
    {
        Ranks.Require();
        using TempFolder folder = new();
        Worker.Points(folder["one"], 20, syncNorm, _ => { });

        Ranks.Run(processes, "points", folder["many"], "20", $"{syncNorm}").Succeeded();

        Same(folder["one"], folder["many"], 1e-4);
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["one/last.safetensors"]);
        foreach (var (name, tensor) in WeightFile.Read(folder["many/last.safetensors"]))
            if (!name.StartsWith("trainer.", StringComparison.Ordinal)) Close.To(tensor, expected[name], 1e-4, name);
    }

    [SkippableFact]
    public void Networks_of_each_kind_train_and_evaluate_as_in_one_process()
    {
        Ranks.Require();
        using TempFolder folder = new();
        Worker.Models(folder["one"]);

        Ranks.Run(2, "models", folder["two"]).Succeeded();

        foreach (string kind in (string[])["classifier", "detector", "segmenter"])
        {
            Same(folder[$"one/{kind}"], folder[$"two/{kind}"], 2e-3);
            Assert.True(File.Exists(folder[$"two/{kind}/best.safetensors"]));
        }
    }

    [SkippableFact]
    public void Gradients_are_summed_while_others_are_computed()
    {
        Ranks.Require();
        Ranks.Result result = Ranks.Run(2, "overlap", "");
        result.Succeeded();
        // 46.8 MB: at least 1 MB, then 25 MB, then the rest, with the first layer's gradient.
        Assert.Equal("3 of 3", result.Output.Trim());
    }

    [SkippableFact]
    public void Metrics_equal_those_of_one_process_to_the_last_digit()
    {
        Ranks.Require();
        string expected = Worker.Evaluate();

        Ranks.Result result = Ranks.Run(3, "evaluate", "");

        result.Succeeded();
        Assert.Contains("AP50 0.", expected);
        Assert.Equal(expected, result.Output.Trim());
    }

    [SkippableFact]
    public void A_run_is_resumed_with_another_number_of_processes()
    {
        Ranks.Require();
        using TempFolder folder = new();
        Worker.Points(folder["one"], 20, true, _ => { });
        Assert.Throws<OperationCanceledException>(() =>
            Worker.Points(folder["many"], 20, true, index => throw new OperationCanceledException()));

        Ranks.Run(3, "points", folder["many"], "20", "true", "resume").Succeeded();

        Same(folder["one"], folder["many"], 1e-4);
    }

    /// <summary>Asserts that two runs have the same losses, norms and metrics at every step and epoch.</summary>
    private static void Same(string one, string many, double tolerance)
    {
        string[] expected = File.ReadAllLines(Path.Combine(one, "metrics.jsonl")),
            actual = File.ReadAllLines(Path.Combine(many, "metrics.jsonl"));
        Assert.Equal(expected.Length, actual.Length);
        Assert.True(expected.Length >= 3);
        foreach (var (line, other) in expected.Zip(actual))
            foreach (var (name, value) in Figures(JsonNode.Parse(line)!.AsObject()))
            {
                double found = Figures(JsonNode.Parse(other)!.AsObject())[name];
                Assert.True(Math.Abs(found - value) <= tolerance * Math.Max(1, Math.Abs(value)),
                    $"{name} is {found} instead of {value} in {other}");
            }
    }

    private static Dictionary<string, double> Figures(JsonObject line) => line
        .Where(entry => entry.Key is not ("images_per_second" or "kind"))
        .SelectMany(entry => entry.Value is JsonObject group
            ? group.Select(inner => KeyValuePair.Create($"{entry.Key}.{inner.Key}", inner.Value)) : [entry])
        .Where(entry => entry.Value is not null).ToDictionary(entry => entry.Key, entry => (double)entry.Value!);
}
