using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using TorchSharp;
using Vision.Ops;

namespace Vision.Cli;

/// <summary>Prints the version and those of the libraries: TorchSharp, libtorch, and whether it is built for CPU or CUDA.</summary>
internal sealed class VersionWithLibraries : SynchronousCommandLineAction
{
    /// <summary>Makes <c>--version</c> use this action.</summary>
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

    /// <summary>The package version, without the commit.</summary>
    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
