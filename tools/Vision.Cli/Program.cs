using System.CommandLine;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;
using Spectre.Console;
using Vision;
using Vision.Backbones;
using Vision.Cli;
using Vision.Cli.Commands;
using Vision.Cli.Experiments;
using Vision.Ops;
using Vision.Training;

// Exit codes: 0 success, 1 internal error (with a stack trace), 2 user error (one line that tells what to do), 130 stopped by Ctrl-C.
ParseResult parsed = CommandTree.Create().Parse(args);
ProcessGroup? group = null;
try
{
    // Before anything that may fail, so that one process's line ends all.
    if (parsed.CommandResult.Command.Name == TrainCommand.Name) group = ProcessGroup.Current;
}
catch (InputException e)
{
    return Mistake(e.Message);
}
if (group is { Size: > 1 })
{
    // A launcher gives each process a terminal of its own, but shows only its text.
    Environment.SetEnvironmentVariable("TERM", "dumb");
    if (!group.IsFirst) Console.SetOut(TextWriter.Null);
    AnsiConsole.Profile.Capabilities.Interactive = AnsiConsole.Profile.Capabilities.Ansi = false;
    AnsiConsole.Profile.Width = 160;
}

try
{
    (parsed, ExperimentRuns? runs) = ExperimentArguments.Expand(parsed);
    if (runs is null && parsed.Errors.Count > 0) return Mistake(CommandTree.MistakesOf(parsed));
    // Files and pipes have no width, and truncated tables would be unreadable.
    if (!AnsiConsole.Profile.Out.IsTerminal) AnsiConsole.Profile.Width = 160;
    NativeLibraries.ExplainFailures(typeof(Mat).Assembly, OpenCvSharp.Internal.NativeMethods.DllExtern);
    OrtEnv.DisableDllImportResolver = true;                                // an assembly can have only one
    NativeLibraries.ExplainFailures(typeof(OrtEnv).Assembly, "onnxruntime");
    if (group is not { Size: > 1 } && CommandTree.ComputesWithTensors(parsed)) Runtime.UseAllCores();
    if (runs is not null)
        return group is not { Size: > 1 } ? runs.Run()
            : Mistake("lists of values are runs of their own, which several processes cannot share: leave the launcher (mpirun) out.");
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (UnknownNameException e)
{
    return Mistake($"{e.Message} \"vision models\" lists them.");
}
catch (InputException e)
{
    return Mistake(e.Message);
}
catch (Exception e) when (NativeLibraryException.In(e) is { } cause)
{
    return Mistake(cause.Message);
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("vision: stopped before the end");
    return Interruption.ExitCode;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    // A full disk or missing permissions: a stack trace would not help.
    return Mistake(e.Message);
}
catch (Exception e)
{
    group?.Abort(e);
    Console.Error.WriteLine($"vision: internal error: {e}");
    return 1;
}

int Mistake(string message)
{
    group?.Abort(message, 2);
    Console.Error.WriteLine($"vision: {message.ReplaceLineEndings(" ")}");
    return 2;
}
