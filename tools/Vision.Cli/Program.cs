using System.CommandLine;
using System.CommandLine.Parsing;
using OpenCvSharp;
using OpenCvSharp.Internal;
using Spectre.Console;
using Vision;
using Vision.Cli;
using Vision.Ops;

// Exit codes: 0 done, 1 a fault of ours (with its stack trace), 2 a user's mistake (one line that says what to do), 130 stopped by Ctrl-C.
ParseResult parsed = CommandTree.Create().Parse(args);
if (parsed.Errors.Count > 0)
{
    string command = "vision";
    for (CommandResult? result = parsed.CommandResult; result is { Command: not RootCommand }; result = result.Parent as CommandResult)
        command = command.Insert("vision".Length, $" {result.Command.Name}");
    return Mistake($"{string.Join(' ', parsed.Errors.Select(error => error.Message))} See: {command} --help");
}

try
{
    // In a file or a pipe there is no width to fit into, and a table that is cut cannot be read.
    if (!AnsiConsole.Profile.Out.IsTerminal) AnsiConsole.Profile.Width = 160;
    NativeLibraries.ExplainFailures(typeof(Mat).Assembly, NativeMethods.DllExtern);
    Runtime.UseAllCores();
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
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
    // A full disk, a folder without permission: nothing that a stack trace would explain.
    return Mistake(e.Message);
}
catch (Exception e)
{
    Console.Error.WriteLine($"vision: a fault of this program: {e}");
    return 1;
}

static int Mistake(string message)
{
    Console.Error.WriteLine($"vision: {message.ReplaceLineEndings(" ")}");
    return 2;
}
