using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Vision.Cli;

/// <summary>The standard help of a command, followed by examples to copy.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private readonly HelpAction help;

    private HelpWithExamples(HelpAction help) => this.help = help;

    /// <summary>Makes <c>--help</c> of all commands show examples.</summary>
    public static void AddTo(RootCommand root)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parsed)
    {
        int code = help.Invoke(parsed);
        if (parsed.CommandResult.Command is not CommandWithExamples { Examples: { Count: > 0 } examples }) return code;
        TextWriter output = parsed.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in examples) output.WriteLine($"  {example}");
        output.WriteLine();
        return code;
    }
}
