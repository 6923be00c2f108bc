using System.CommandLine;

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
        ParseResult parsed = CommandTree.Create().Parse(words[1..]);
        Assert.True(parsed.Errors.Count == 0, $"{line}: {string.Join(' ', parsed.Errors)}");
    }
}
