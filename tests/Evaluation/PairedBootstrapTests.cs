namespace Vision.Evaluation.Tests;

public class PairedBootstrapTests
{
    [Fact]
    public void The_interval_is_that_of_paired_differences()
    {
        // 400 images; the first model is right where the second is wrong on 60, and wrong where it is right on 20.
        ImageResults first = Results(i => i < 60 || i >= 80), second = Results(i => i >= 60);
        MetricDifference found = PairedBootstrap.Compare([first], [second], draws: 4000);
        Assert.Equal(0.1, found.Difference, 1e-12);
        double error = Math.Sqrt((80.0 / 400 - 0.1 * 0.1) / 400);
        Assert.Equal(0.1 - 1.96 * error, found.Low, 0.004);
        Assert.Equal(0.1 + 1.96 * error, found.High, 0.004);
        Assert.True(found.IsReal);
        Assert.False(found.Seeds);
    }

    [Fact]
    public void Models_that_err_on_the_same_images_are_told_apart_though_their_own_errors_are_large()
    {
        // Each accuracy alone has a standard error of 2.5 %, but the second never errs where the first is right.
        MetricDifference found = PairedBootstrap.Compare([Results(i => i < 200)], [Results(i => i < 190)]);
        Assert.True(found.IsReal);
        Assert.Equal(0.025, found.Difference, 1e-12);
    }

    [Fact]
    public void Equal_models_do_not_differ()
    {
        MetricDifference found = PairedBootstrap.Compare([Results(i => i % 3 == 0)], [Results(i => i % 3 == 0)]);
        Assert.Equal(new(0, 0, 0, false), found);
        Assert.False(found.IsReal);
    }

    [Fact]
    public void The_same_twice_and_the_opposite_when_swapped()
    {
        ImageResults[] one = [Results(i => i % 3 == 0), Results(i => i % 3 == 1)], other = [Results(i => i % 4 == 0)];
        MetricDifference found = PairedBootstrap.Compare(one, other);
        Assert.Equal(found, PairedBootstrap.Compare(one, other));
        Assert.NotEqual(found, PairedBootstrap.Compare(one, other, seed: 1));
        Assert.Equal(-found.Difference, PairedBootstrap.Compare(other, one).Difference, 1e-12);
        Assert.True(found.Seeds);
    }

    [Fact]
    public void A_difference_within_the_spread_of_seeds_is_not_shown()
    {
        // On the images alone the difference of the means would be sure, but runs of one model differ by more.
        ImageResults[] one = [Results(i => i < 300), Results(i => i < 200), Results(i => i < 250)],
            other = [Results(i => i < 280), Results(i => i < 170), Results(i => i < 225)];
        Assert.False(PairedBootstrap.Compare(one, other).IsReal);
        Assert.True(PairedBootstrap.Compare([one[2]], [other[2]]).IsReal);
    }

    [Fact]
    public void Of_equal_methods_about_one_in_twenty_seems_to_differ()
    {
        Random random = new(5);
        int wrong = 0;
        const int trials = 300;
        for (int trial = 0; trial < trials; trial++)
        {
            // The images' difficulties are shared; each run has a quality of its own.
            double[] difficulty = [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
            ImageResults[] Runs() => [.. Enumerable.Range(0, 3).Select(_ =>
            {
                double quality = 0.6 + 0.05 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
                return (ImageResults)new ClassificationImageResults
                {
                    Images = names[..100],
                    Correct = [.. difficulty.Select(hard => 0.7 * hard + 0.3 * random.NextDouble() < quality ? 1 : 0)],
                };
            })];
            if (PairedBootstrap.Compare(Runs(), Runs(), draws: 400, seed: trial).IsReal) wrong++;
        }
        Assert.InRange((double)wrong / trials, 0, 0.08);
    }

    [Fact]
    public void Runs_on_other_images_are_refused() =>
        Assert.Contains("Evaluate all on the same images", Assert.Throws<InputException>(() => PairedBootstrap.Compare(
            [Results(_ => true)], [new ClassificationImageResults { Images = ["x"], Correct = [1] }])).Message);

    private static readonly string[] names = [.. Enumerable.Range(0, 400).Select(i => $"{i}.png")];

    private static ImageResults Results(Func<int, bool> correct) => new ClassificationImageResults
    {
        Images = names, Correct = [.. Enumerable.Range(0, 400).Select(i => correct(i) ? 1 : 0)],
    };
}
