namespace Vision.Training.Tests;

public class LearningRateScheduleTests
{
    private static readonly TrainerOptions options = new() { Folder = "unused", LearningRate = 0.02, WarmupSteps = 10 };

    [Fact]
    public void Rises_linearly_from_a_thousandth()
    {
        LearningRateSchedule schedule = new(options, 1200);

        Assert.Equal(0.02 * 0.001, schedule.At(0), 12);
        Assert.Equal(0.02 * (0.001 + 0.999 * 0.5), schedule.At(5), 12);
        Assert.Equal(0.02, schedule.At(10), 12);
    }

    [Fact]
    public void Falls_at_the_milestones()
    {
        LearningRateSchedule schedule = new(options, 1200);

        Assert.Equal(0.02, schedule.At(799), 12);
        Assert.Equal(0.002, schedule.At(800), 12);
        Assert.Equal(0.002, schedule.At(999), 12);
        Assert.Equal(0.0002, schedule.At(1000), 12);
        Assert.Equal(0.0002, schedule.At(1199), 12);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(52)]
    [InlineData(997)]
    public void Default_milestones_fall_on_the_first_steps_of_epochs_9_and_11_of_12(int stepsPerEpoch)
    {
        LearningRateSchedule schedule = new(options with { WarmupSteps = 0 }, 12 * stepsPerEpoch);

        Assert.Equal([0.02, 0.002, 0.002, 0.0002],
            new[] { 8 * stepsPerEpoch - 1, 8 * stepsPerEpoch, 10 * stepsPerEpoch - 1, 10 * stepsPerEpoch }
                .Select(step => Math.Round(schedule.At(step), 12)));
    }

    [Fact]
    public void A_cosine_ends_at_nothing()
    {
        LearningRateSchedule schedule = new(options with { Schedule = ScheduleKind.Cosine }, 110);

        Assert.Equal(0.02, schedule.At(10), 12);
        Assert.Equal(0.01, schedule.At(60), 12);
        Assert.InRange(schedule.At(109), 0, 0.02 * 0.001);
        Assert.All(Enumerable.Range(11, 98), step => Assert.True(schedule.At(step) < schedule.At(step - 1)));
    }

    [Fact]
    public void Poly_falls_as_DeepLabs()
    {
        LearningRateSchedule schedule = new(options with { Schedule = ScheduleKind.Poly }, 110);

        Assert.Equal(0.02, schedule.At(10), 12);
        Assert.Equal(0.010717734625, schedule.At(60), 10);      // 0.02 · 0.5^0.9
        Assert.Equal(0.02 * Math.Pow(0.01, 0.9), schedule.At(109), 12);
    }

    [Theory]
    [InlineData(100, 10)]
    [InlineData(50000, 1000)]
    public void Warm_up_is_a_tenth_of_the_run_at_most_1000_steps(int steps, int warmup)
    {
        LearningRateSchedule schedule = new(options with { WarmupSteps = null }, steps);

        Assert.True(schedule.At(warmup - 1) < 0.02);
        Assert.Equal(0.02, schedule.At(warmup), 12);
    }

    [Fact]
    public void One_cycle_rises_for_three_tenths_and_falls_to_almost_nothing()
    {
        LearningRateSchedule schedule = new(options with { Schedule = ScheduleKind.OneCycle, WarmupSteps = null }, 1000);

        Assert.Equal(0.02 / 25, schedule.At(0), 12);
        Assert.Equal(0.02 * (1 + 1.0 / 25) / 2, schedule.At(150), 12);
        Assert.Equal(0.02, schedule.At(300), 12);
        Assert.Equal(0.02 / 2, schedule.At(650), 6);
        Assert.InRange(schedule.At(999), 0.02 / 25e4, 0.02 * 1e-5);
    }

    [Fact]
    public void A_plateau_lowers_the_rate_each_time_that_nothing_improves()
    {
        LearningRateSchedule schedule = new(options with { Schedule = ScheduleKind.Plateau, PlateauPatience = 2 }, 1000);

        double After(params double[] scores) => Math.Round(schedule.At(500, 0.5, scores), 12);
        Assert.Equal(0.02, After());
        Assert.Equal(0.02, After(0.1, 0.2, 0.2));
        Assert.Equal(0.002, After(0.1, 0.2, 0.2, 0.1));
        Assert.Equal(0.002, After(0.1, 0.2, 0.2, 0.1, 0.1));
        Assert.Equal(0.0002, After(0.1, 0.2, 0.2, 0.1, 0.1, 0.2));
        Assert.Equal(0.002, After(0.1, 0.2, 0.2, 0.1, 0.3, 0.2));
    }

    [Theory]
    [InlineData(ScheduleKind.MultiStep)]
    [InlineData(ScheduleKind.Cosine)]
    [InlineData(ScheduleKind.Poly)]
    [InlineData(ScheduleKind.OneCycle)]
    public void A_run_of_unknown_length_follows_the_time(ScheduleKind kind)
    {
        LearningRateSchedule known = new(options with { Schedule = kind, WarmupSteps = null }, 1000),
            unknown = new(options with { Schedule = kind, WarmupSteps = null }, null);

        foreach (int step in new[] { 0, 50, 100, 200, 300, 500, 700, 900, 999 })
            Assert.Equal(known.At(step), unknown.At(step, step / 1000.0, []), 6);
    }
}
