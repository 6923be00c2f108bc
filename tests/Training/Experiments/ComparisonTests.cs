using Vision.Data;
using Vision.Evaluation;
using Vision.Testing;

namespace Vision.Training.Tests;

public class ComparisonTests
{
    [Fact]
    public void A_grid_has_every_combination_and_the_last_option_varies_fastest()
    {
        var runs = ExperimentGrid.Of(
            [new("backbone", ["resnet18", "resnet50"]), new("weights", ["/a/b c.pth", "imagenet"]), new("seed", ["0", "1"])]);
        Assert.Equal(8, runs.Count);
        Assert.Equal("backbone=resnet18,weights=b-c.pth,seed=0", runs[0].Name);
        Assert.Equal("backbone=resnet18,weights=b-c.pth,seed=1", runs[1].Name);
        Assert.Equal("/a/b c.pth", runs[0].Choices[1].Value);
        Assert.Equal("backbone=resnet50,weights=imagenet,seed=1", runs[7].Name);
    }

    [Theory]
    [InlineData("a,a", "lists a twice")]
    [InlineData("a,,b", "lists an empty value")]
    [InlineData("x/a,y/a", "Two runs would both be called weights=a")]
    public void Lists_with_mistakes_are_refused(string values, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => ExperimentGrid.Of([new("weights", values.Split(','))])).Message);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_run_that_fails_does_not_stop_the_others(int jobs)
    {
        var runs = ExperimentGrid.Of([new("seed", ["0", "1", "2", "3", "4"])]);
        int at = 0, most = 0;
        var outcomes = ExperimentGrid.Run(runs, jobs, (run, _) =>
        {
            int now = Interlocked.Increment(ref at);
            lock (runs) most = Math.Max(most, now);
            Thread.Sleep(20);
            Interlocked.Decrement(ref at);
            return run.Name == "seed=1" ? throw new InputException("it diverged") : new(run, IsFinished: true);
        });
        Assert.Equal(runs, outcomes.Select(outcome => outcome.Run));
        Assert.Equal("it diverged", Assert.Single(outcomes, outcome => !outcome.IsFinished).Failure);
        Assert.InRange(most, 1, jobs);
    }

    [Fact]
    public void No_more_runs_begin_after_a_stop()
    {
        using CancellationTokenSource stop = new();
        var outcomes = ExperimentGrid.Run(ExperimentGrid.Of([new("seed", ["0", "1", "2"])]), 1, (run, token) =>
        {
            stop.Cancel();
            Assert.True(token.IsCancellationRequested);
            return new(run, IsFinished: false);
        }, stop.Token);
        Assert.Single(outcomes);
    }

    [Fact]
    public void Runs_that_differ_in_the_seed_are_a_group_and_only_differing_options_are_shown()
    {
        Comparison found = Comparison.Of(
        [
            Run("resnet18", 0, 250), Run("resnet50", 1, 352), Run("resnet18", 1, 254), Run("resnet50", 0, 348), Run("resnet18", 2, 252),
            Run("resnet101", 0, 351), Run("resnet101", 1, 348),
        ]);
        Assert.Equal("top1", found.Metric);
        Assert.Equal(["backbone"], found.Options);
        Assert.Equal(["resnet50", "resnet101", "resnet18"], found.Groups.Select(group => group.Name));
        ComparedGroup last = found.Groups[2];
        Assert.Equal(0.63, last.Mean, 1e-12);
        Assert.Equal(0.005, last.Deviation!.Value, 1e-12);
        Assert.Equal(60, last.Seconds);
        Assert.Equal([0, 1, 2], last.Runs.Select(run => int.Parse(run.Description.Options["seed"].ToString())));
        Assert.Equal(0.635, last.Best.Score, 1e-12);

        Assert.Null(found.Groups[0].Difference);
        Assert.Equal(-0.245, last.Difference!.Difference, 1e-12);
        Assert.True(last.Difference is { IsReal: true, Seeds: true });
        Assert.False(found.Groups[1].Difference!.IsReal);
        Assert.Empty(found.Notes);
    }

    [Fact]
    public void What_cannot_be_compared_is_said()
    {
        RunSummary one = Run("resnet18", 0, 300), other = Run("resnet50", 0, 200);
        Comparison found = Comparison.Of([one, other with
        {
            IsFinished = false, Images = new ClassificationImageResults { Images = ["x"], Correct = [1] }, Score = 1,
            Description = other.Description with { Train = new("other", 2, "ffff") },
        }]);
        Assert.Null(found.Groups[1].Difference);
        Assert.Equal(4, found.Notes.Count);
        Assert.Contains(found.Notes, note => note.Contains("has not run to its end"));
        Assert.Contains(found.Notes, note => note.Contains("not trained on the same images"));
        Assert.Contains(found.Notes, note => note.Contains("not all evaluated on the same images"));
        Assert.Contains(found.Notes, note => note.Contains("Each was trained once"));

        RunSummary pixels = other with
        {
            Images = new SegmentationImageResults { Images = ["x"], Intersections = [new long[1]], Unions = [new long[1]] },
        };
        Assert.Contains("compare models of one kind", Assert.Throws<InputException>(() => Comparison.Of([one, pixels])).Message);
    }

    [Fact]
    public void Folders_without_runs_are_named()
    {
        using TempFolder folder = new();
        Assert.Contains("There is no folder", Assert.Throws<InputException>(() => RunSummary.Find([folder["none"]])).Message);
        Assert.Contains("holds no run", Assert.Throws<InputException>(() => RunSummary.Find([folder.Path])).Message);
        folder.Write("grid/b/run.yaml", "model: resnet18");
        folder.Write("grid/a/run.yaml", "model: resnet18");
        Assert.Contains("holds no run that has completed an epoch",
            Assert.Throws<InputException>(() => RunSummary.Find([folder["grid"]])).Message);
        foreach (string run in (string[])["a", "b"]) folder.Write($"grid/{run}/best-images.json.gz", "");
        folder.Write("grid/c/run.yaml", "model: resnet18");
        Assert.Equal([folder["grid/a"], folder["grid/b"]], RunSummary.Find([folder["grid"], folder["grid/a"]]));
        Assert.Equal([folder["grid/c"]], RunSummary.LeftOut([folder["grid"], folder["grid/a"]]));
    }

    /// <summary>A run with a number of 400 images right, the first ones.</summary>
    private static RunSummary Run(string backbone, int seed, int right) => new()
    {
        Files = RunFolder.At($"runs/{backbone}-{seed}"),
        Description = new()
        {
            Model = "fasterrcnn_resnet50_fpn", Train = new("train", 9, "a"), Validation = new("val", 400, "b"), Source = new("data"),
            Options = new Dictionary<string, OptionValue>
            {
                ["backbone"] = new([backbone]), ["seed"] = new([$"{seed}"]), ["epochs"] = new(["12"]), ["freeze"] = new([], IsList: true),
            },
        },
        Images = new ClassificationImageResults
        {
            Images = [.. Enumerable.Range(0, 400).Select(i => $"{i}")],
            Correct = [.. Enumerable.Range(0, 400).Select(i => i < right ? 1 : 0)],
        },
        Score = right / 400.0, Seconds = 60, IsFinished = true,
    };
}
