using System.Diagnostics;
using Vision.Testing;

namespace Vision.Training.Tests;

/// <summary>A process that cannot go on ends all others, with one line.</summary>
[Trait("Category", "Slow")]
public class RankFailureTests
{
    [SkippableTheory]
    [InlineData("kill", "rank 2 on HOST has ended without a word: it was killed, or it crashed", 15)]
    [InlineData("stop", "rank 2 on HOST has not answered for 30 s: it hangs, or the network is cut", 50)]
    [InlineData("throw", "rank 2 on HOST: photo.jpg cannot be decoded.", 15)]
    public void All_end_with_one_line(string scenario, string line, int seconds)
    {
        Ranks.Require();
        using TempFolder folder = new();
        Stopwatch clock = Stopwatch.StartNew();

        Ranks.Result result = Ranks.Run(3, scenario, folder["run"]);

        Assert.Equal($"vision: {line.Replace("HOST", Environment.MachineName)}", Assert.Single(result.Lines));
        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("finished", result.Output);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, seconds + 20);       // with the start of the processes
    }

    [SkippableFact]
    public void A_signal_to_one_process_stops_all_after_the_same_step()
    {
        Ranks.Require();
        using TempFolder folder = new();

        Ranks.Result result = Ranks.Run(3, "cancel", folder["run"]);

        result.Succeeded();
        Assert.Equal("canceled", result.Output.Trim());
        Assert.True(File.Exists(folder["run/last.safetensors"]));
    }
}
