using System.Text.RegularExpressions;
using Vision.Testing;

namespace Vision.Cli.Tests;

public class ReadmeTests
{
    private static readonly string text = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    public static TheoryData<string> CommandsInIt() =>
        [.. Blocks("bash").SelectMany(block => block.Split('\n')).Where(line => line.StartsWith("./vision ", StringComparison.Ordinal) && !line.StartsWith("./vision test", StringComparison.Ordinal)).Distinct()];

    [Theory]
    [MemberData(nameof(CommandsInIt))]
    public void EveryCommandInItIsUnderstood(string line) => CommandLines.AssertParses(line);

    [Fact]
    public void TheProgramInItIsTheOneThatIsCompiledHere()
    {
        string source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Cli", "ReadmeExample.cs"));
        string inReadme = Assert.Single(Blocks("csharp"));
        string[] lines = [.. source.Split('\n').SkipWhile(line => !line.Contains("// README")).Skip(1).TakeWhile(line => !line.Contains("// end")).Select(line => line.Length > 8 ? line[8..] : line.Trim())];
        string usings = string.Join('\n', source.Split('\n').TakeWhile(line => line.StartsWith("using ", StringComparison.Ordinal)));
        Assert.Equal(inReadme.Trim(), $"{usings}\n\n{string.Join('\n', lines)}".Trim());
    }

    [Fact]
    public void ItsPicturesAndFilesAreThere()
    {
        foreach (Match link in Regex.Matches(text, @"\]\((?!https?:)([^)#]+)\)"))
            Assert.True(Path.Exists(Path.Combine(Repository.Root, link.Groups[1].Value)), $"README.md links to {link.Groups[1].Value}, which is not there.");
    }

    private static IEnumerable<string> Blocks(string language) =>
        Regex.Matches(text, $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(block => block.Groups[1].Value);
}
