using System.CommandLine;

namespace Vision.Cli;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class CommandWithExamples(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Complete, working command lines.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}
