using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using TorchSharp;
using Vision.Ops;

namespace Vision.Cli;

/// <summary>The version, and the libraries below it: TorchSharp, libtorch, and whether that computes on the CPU alone.</summary>
internal sealed class VersionWithLibraries : SynchronousCommandLineAction
{
    /// <summary>Makes <c>--version</c> say so.</summary>
    public static void AddTo(RootCommand root) => root.Options.OfType<VersionOption>().Single().Action = new VersionWithLibraries();

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parsed)
    {
        string provider = Runtime.HasCuda ? "cuda" : "cpu";
        parsed.InvocationConfiguration.Output.WriteLine(
            $"vision {VersionOf(typeof(VersionWithLibraries))}, TorchSharp {VersionOf(typeof(torch))}, libtorch " +
                $"{Runtime.LibtorchVersion} ({provider})");
        return 0;
    }

    /// <summary>As its package has it, without the commit.</summary>
    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
