using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;
using Spectre.Console;
using Vision;
using Vision.Backbones;
using Vision.Cli;
using Vision.Cli.Commands;
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
if (parsed.Errors.Count > 0)
{
    string command = "vision";
    for (CommandResult? result = parsed.CommandResult; result is { Command: not RootCommand }; result = result.Parent as CommandResult)
        command = command.Insert("vision".Length, $" {result.Command.Name}");
    // A type's name in .NET tells a user nothing.
    string mistakes = Regex.Replace(string.Join(' ', parsed.Errors.Select(error => error.Message)), " as expected type '[^']*'", "");
    return Mistake($"{mistakes} See: {command} --help");
}

try
{
    // Files and pipes have no width, and truncated tables would be unreadable.
    if (!AnsiConsole.Profile.Out.IsTerminal) AnsiConsole.Profile.Width = 160;
    NativeLibraries.ExplainFailures(typeof(Mat).Assembly, OpenCvSharp.Internal.NativeMethods.DllExtern);
    OrtEnv.DisableDllImportResolver = true;                                // an assembly can have only one
    NativeLibraries.ExplainFailures(typeof(OrtEnv).Assembly, "onnxruntime");
    if (group is not { Size: > 1 } && CommandTree.ComputesWithTensors(parsed)) Runtime.UseAllCores();
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
