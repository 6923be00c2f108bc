using System.Runtime.InteropServices;

namespace Vision.Training;

/// <summary>Ends the process at once, whatever its threads wait for: an orderly end would wait for processes that are gone.</summary>
internal static partial class NativeExit
{
    /// <summary>Writes a line, unless it is null, and ends the process.</summary>
    public static void Now(string? line, int exitCode)
    {
        if (line is not null) Console.Error.WriteLine($"vision: {line.ReplaceLineEndings(" ")}");
        Console.Error.Flush();
        Console.Out.Flush();
        _exit(exitCode);
    }

    [LibraryImport("libc.so.6")]
    private static partial void _exit(int status);
}
