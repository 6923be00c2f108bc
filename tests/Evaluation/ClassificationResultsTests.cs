using System.Text.Json.Nodes;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Evaluation.Tests;

public class ClassificationResultsTests
{
    private static readonly Category[] categories = [.. Enumerable.Range(0, 7).Select(i => new Category(10 + i, $"class {i}"))];

    [Fact]
    public void Counts_the_surest_the_first_five_and_the_confusion()
    {
        using var scope = NewDisposeScope();
        ClassificationResults results = new(categories);
        // Descending from class 0 to class 6 in every row: the surest is 0, the first five are 0 to 4.
        Tensor logits = arange(7, 0, -1, float32).repeat(5, 1);
        results.Add(logits, tensor(new long[] { 0, 0, 1, 4, 5 }));
        results.Add(logits[..1], tensor(new long[] { 6 }));
        ClassificationMetrics metrics = results.Metrics([]);

        Assert.Equal((2, 6, 4), (metrics.Correct, metrics.Total, metrics.TopFiveCorrect));
        Assert.Equal(2.0 / 6, metrics.Top1);
        Assert.Equal(4.0 / 6, metrics.Top5);
        Assert.Equal((2, 1, 1), (metrics.Confusion[0, 0], metrics.Confusion[1, 0], metrics.Confusion[6, 0]));
        Assert.Equal((1, 0, -1), (metrics.AccuracyOf(0), metrics.AccuracyOf(1), metrics.AccuracyOf(2)));
    }

    [Fact]
    public void Of_few_classes_all_are_among_the_first_five()
    {
        using var scope = NewDisposeScope();
        ClassificationResults results = new(categories[..2]);
        results.Add(tensor(new float[] { 1, 2, 3, 0 }).reshape(2, 2), tensor(new long[] { 0, 0 }));
        Assert.Equal((0.5, 1.0), (results.Metrics([]).Top1, results.Metrics([]).Top5));
        Assert.Throws<ArgumentException>(() => results.Add(zeros(1, 3), tensor(new long[] { 0 })));
    }

    [Fact]
    public void Json_holds_the_figures_by_category_id()
    {
        using var scope = NewDisposeScope();
        ClassificationResults results = new(categories);
        results.Add(eye(7), tensor(new long[] { 0, 1, 2, 3, 4, 5, 0 }));
        JsonObject json = results.Metrics(["a note"]).ToJson();
        Assert.Equal((6, 7), ((long)json["metrics"]!["correct"]!, (long)json["metrics"]!["total"]!));
        Assert.Equal(6.0 / 7, (double)json["metrics"]!["top1"]!);
        Assert.Equal(("class 0", 0.5, 2L),
            ((string)json["per_category"]!["10"]!["name"]!, (double)json["per_category"]!["10"]!["accuracy"]!,
                (long)json["per_category"]!["10"]!["total"]!));
        Assert.Equal(-1, (double)json["per_category"]!["16"]!["accuracy"]!);
    }
}
