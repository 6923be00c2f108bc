using Vision.Testing;

namespace Vision.Ops.Tests;

/// <summary>The living reference: each script runs as if alone, and none takes the next ones down.</summary>
public class PeerTests
{
    [SkippableFact]
    public void AScriptGetsItsArgumentsAndGivesWhatItPrints()
    {
        string output = Run("import os, sys\nprint(len(sys.argv), sys.argv[1], __name__, file=sys.stdout)\nos.system('echo not this')",
            "ä \"b\"\n");
        Assert.Equal("2 ä \"b\"\n __main__\n", output);
    }

    [SkippableTheory]
    [InlineData("raise ValueError('wrong')", 1, "ValueError: wrong")]
    [InlineData("import sys; sys.exit('no use')", 1, "no use")]
    [InlineData("import sys; print('seven', file=sys.stderr); sys.exit(7)", 7, "seven")]
    public void AScriptThatFailsIsReported(string script, int exitCode, string errors)
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Run(script));
        Assert.Contains($"exit code {exitCode}:", failure.Message);
        Assert.Contains(errors, failure.Message);
    }

    [SkippableFact]
    public void NothingOfAScriptIsLeftToTheNext()
    {
        const string show = """
            import os, sys, torch
            print(torch.rand(1).item(), torch.get_default_dtype(), torch.is_grad_enabled(), torch.get_num_threads(),
                  torch.are_deterministic_algorithms_enabled(), os.getcwd(), len(sys.path), "left" in globals())
            """;
        const string change = """

            torch.manual_seed(3), torch.set_default_dtype(torch.float64), torch.set_grad_enabled(False), torch.set_num_threads(7)
            torch.use_deterministic_algorithms(True), os.chdir("/"), sys.path.append("/")
            left = 1
            """;
        Assert.Equal(Run(show + change), Run(show));
    }

    [SkippableFact]
    public void AfterACrashAnotherInterpreterGoesOn()
    {
        var crash = Assert.Throws<InvalidOperationException>(() => Run("import ctypes; ctypes.string_at(0)"));
        Assert.Contains("Segmentation fault", crash.Message);
        Assert.Equal("alive\n", Run("print('alive')"));
    }

    [SkippableFact]
    public void AScriptThatTakesTooLongIsEnded()
    {
        Peer.Require();
        using TempFolder folder = new();
        using PeerProcess process = new("/usr/bin/python3");
        var failure = Assert.Throws<InvalidOperationException>(
            () => process.Run(folder.Write("script.py", "import time; time.sleep(600)"), [], TimeSpan.FromSeconds(0.5)));
        Assert.Contains("not finished", failure.Message);
        Assert.False(process.IsAlive);
    }

    private static string Run(string script, params string[] arguments)
    {
        using TempFolder folder = new();
        return Peer.Run(folder.Write("script.py", script), arguments);
    }
}
