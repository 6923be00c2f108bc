using System.Diagnostics;
using Vision.Testing;

namespace Vision.Training.Tests;

/// <summary>A process that cannot go on ends all others, with one line.</summary>
[Trait("Category", "Slow")]
public class RankFailureTests
{
    // At the same time, since two of them take the 30 seconds after which a process counts as lost.
    [SkippableFact]
    public async Task All_end_with_one_line_that_names_the_culprit()
    {
        Ranks.Require();
        using TempFolder folder = new();
        string host = Environment.MachineName;
        Task[] all =
        [
            Ends("kill", $"rank 2 on {host} has ended without a word: it was killed, or it crashed", 30),
            Ends("throw", $"rank 2 on {host}: photo.jpg cannot be decoded.", 30),
            Ends("stop", $"rank 2 on {host} has not answered for 30 s: it hangs, or the network is cut", 60),
            Ends("apart", $"all processes wait for each other: rank 0 on {host} for the other processes' results, rank 2 on {host} for " +
                "the statistics of a batch norm", 60),
        ];
        await Task.WhenAll(all);

        Task Ends(string scenario, string line, int seconds) => Task.Run(() =>
        {
            Stopwatch clock = Stopwatch.StartNew();
            Ranks.Result result = Ranks.Run(3, scenario, folder[scenario]);
            Assert.Equal($"vision: {line}", Assert.Single(result.Lines));
            Assert.NotEqual(0, result.ExitCode);
            Assert.DoesNotContain("finished", result.Output);
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, seconds);        // with the start of the processes
        });
    }

    [SkippableFact]
    public void Processes_on_machines_that_lose_each_other_end()
    {
        Ranks.Require();
        Requirement.Check(Namespaces.Exist(), "Network namespaces need root.");
        using TempFolder folder = new();
        using Namespaces network = new(folder);
        Stopwatch clock = Stopwatch.StartNew();

        Ranks.Result result = network.RunAndCut("cut", folder["run"], whenExists: folder["run/metrics.jsonl"]);

        Assert.Equal("vision: rank 1 on nodeb has not answered for 30 s: it hangs, or the network is cut", Assert.Single(result.Lines));
        Assert.InRange(clock.Elapsed.TotalSeconds, 25, 75);
    }

    [SkippableFact]
    public void A_missing_MPI_is_told_before_anything_else()
    {
        Requirement.Check(Namespaces.Exist(), "Hiding a library needs root.");
        using TempFolder folder = new();

        // Without the library, as on a machine where it is not installed.
        Ranks.Result result = Ranks.Start("unshare", "-m", "sh", "-c",
            "for file in $(ldconfig -p | sed -n 's/.*libmpi.so.40 .* => //p'); do mount --bind /dev/null $(readlink -f $file); done; " +
            $"OMPI_COMM_WORLD_SIZE=2 exec \"$@\"", "sh", Ranks.Program[0], Ranks.Program[1], Ranks.Program[2],
            "points", folder["run"], "20",
            "false");

        Assert.Contains(result.Lines, line => line.Contains("but MPI is missing on"));
        Assert.False(Directory.Exists(folder["run"]));
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
