using System.Text.RegularExpressions;
using Vision.Testing;

namespace Vision.Cli.Tests;

public class ReadmeTests
{
    private static readonly string text = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    public static TheoryData<string> CommandsInIt() =>
        [.. Blocks("bash").SelectMany(block => block.Replace("\\\n", "").Split('\n'))
            .Select(line => Regex.Replace(line, @"^mpirun .*?(?=\./vision )", ""))
            .Where(line => line.StartsWith("./vision ", StringComparison.Ordinal)
                && !line.StartsWith("./vision test", StringComparison.Ordinal))
            .Distinct()];

    [Theory]
    [MemberData(nameof(CommandsInIt))]
    public void EveryCommandInItIsUnderstood(string line) => CommandLines.AssertParses(line);

    [Fact]
    public void TheProgramsInItAreThoseThatAreCompiledHere()
    {
        string source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Cli", "ReadmeExample.cs"));
        string[] usings = [.. source.Split('\n').TakeWhile(line => line.StartsWith("using ", StringComparison.Ordinal))];
        IEnumerable<string> compiled = Regex.Matches(source, "// README\n(.*?) *// end", RegexOptions.Singleline)
            .Select(part => Regex.Replace(part.Groups[1].Value, "^ {8}", "", RegexOptions.Multiline).Trim());
        Assert.Equal(compiled, Blocks("csharp").Select(WithoutUsings));

        string WithoutUsings(string block)
        {
            string[] lines = block.Split('\n');
            int count = lines.TakeWhile(line => Regex.IsMatch(line, @"^using [\w. ]+;")).Count();
            Assert.Subset(usings.ToHashSet(), lines[..count].ToHashSet());
            return string.Join('\n', lines[count..]).Trim();
        }
    }

    [Fact]
    public void ItsPicturesAndFilesAreThere()
    {
        foreach (Match link in Regex.Matches(text, @"\]\((?!https?:)([^)#]+)\)"))
            Assert.True(Path.Exists(Path.Combine(Repository.Root, link.Groups[1].Value)),
                $"README.md links to {link.Groups[1].Value}, which is not there.");
    }

    private static IEnumerable<string> Blocks(string language) =>
        Regex.Matches(text, $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(block => block.Groups[1].Value);
}
