using System.CommandLine;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;
using Spectre.Console;
using Vision;
using Vision.Backbones;
using Vision.Cli;
using Vision.Cli.Experiments;
using Vision.Ops;

// Exit codes: 0 success, 1 internal error (with a stack trace), 2 user error (one line that tells what to do), 130 stopped by Ctrl-C.
ParseResult parsed = CommandTree.Create().Parse(args);
try
{
    (parsed, ExperimentRuns? runs) = ExperimentArguments.Expand(parsed);
    if (runs is null && parsed.Errors.Count > 0) return Mistake(CommandTree.MistakesOf(parsed));
    // Files and pipes have no width, and truncated tables would be unreadable.
    if (!AnsiConsole.Profile.Out.IsTerminal) AnsiConsole.Profile.Width = 160;
    NativeLibraries.ExplainFailures(typeof(Mat).Assembly, OpenCvSharp.Internal.NativeMethods.DllExtern);
    OrtEnv.DisableDllImportResolver = true;                                // an assembly can have only one
    NativeLibraries.ExplainFailures(typeof(OrtEnv).Assembly, "onnxruntime");
    if (CommandTree.ComputesWithTensors(parsed)) Runtime.UseAllCores();
    if (runs is not null) return runs.Run();
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
    Console.Error.WriteLine($"vision: internal error: {e}");
    return 1;
}

static int Mistake(string message)
{
    Console.Error.WriteLine($"vision: {message.ReplaceLineEndings(" ")}");
    return 2;
}
