using System.CommandLine;
using Vision.Cli.Experiments;
using Vision.Testing;

namespace Vision.Cli.Tests;

/// <summary>Command lines out of texts.</summary>
internal static class CommandLines
{
    private static readonly string existingFile = typeof(CommandLines).Assembly.Location;

    /// <summary>Asserts that a line such as <c>./vision train MODEL …</c> is understood. Files
    /// and folders that it names are taken to exist.</summary>
    public static void AssertParses(string line)
    {
        string[] words = [.. System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(line)];
        Assert.Contains(words[0], new[] { "vision", "./vision" });
        for (int i = 2; i < words.Length; i++)
        {
            if (words[i - 1] is "--weights" or "--gt" or "--dt" or "--image") words[i] = existingFile;
            if (words[i - 1] is "--data" or "--verify" or "--calibrate") words[i] = Path.GetDirectoryName(existingFile)!;
        }
        using TempFolder folder = new();
        for (int i = 2; i < words.Length; i++)
            if (words[i - 1] is "--config") words[i] = folder.Write("run.yaml", $"model: resnet18\ndata: {{folder: '{folder.Path}'}}\n");
        (ParseResult parsed, ExperimentRuns? runs) = ExperimentArguments.Expand(CommandTree.Create().Parse(words[1..]));
        foreach (ParseResult one in runs is null ? [parsed] : runs.Lines("runs").Select(own => CommandTree.Create().Parse(own)))
            Assert.True(one.Errors.Count == 0, $"{line}: {string.Join(' ', one.Errors)}");
    }
}
