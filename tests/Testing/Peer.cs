using System.Diagnostics;
using Xunit;

namespace Vision.Testing;

/// <summary>
/// The live reference: Debian's Python with torch and torchvision, which runs the scripts of tools/Parity.
/// Where it is not installed, a test that asks for it skips and says why; under CI=true it fails instead.
/// One interpreter serves all tests of a process, from the first request on; after a crash, the next request starts another.
/// </summary>
public static class Peer
{
    // Debian's own: its packages are not seen by any other Python on the machine.
    private const string Python = "/usr/bin/python3";

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(5);
    private static readonly Lazy<string?> absence = new(FindAbsence);
    private static readonly Lock oneAtATime = new();
    private static PeerProcess? living;

    /// <summary>Runs tools/Parity/<paramref name="script"/> and gives what it printed. Paths in
    /// <paramref name="arguments"/> should be absolute.</summary>
    /// <exception cref="SkipException">The peer is not installed, and CI is not "true".</exception>
    /// <exception cref="InvalidOperationException">The script failed or took more than five
    /// minutes, or the interpreter crashed.</exception>
    public static string Run(string script, params string[] arguments)
    {
        Require();
        string path = Path.Combine(Repository.Root, "tools", "Parity", script);
        int exitCode;
        string output, errors;
        lock (oneAtATime)
        {
            if (living is not { IsAlive: true }) living = new PeerProcess(Python);
            (exitCode, output, errors) = living.Run(path, arguments, TimeLimit);
        }
        if (exitCode == 0) return output;
        throw new InvalidOperationException($"{script} {string.Join(' ', arguments)} ended with exit code {exitCode}:\n{errors}");
    }

    /// <summary>Skips the test where the peer is not installed; under CI=true, fails it.</summary>
    public static void Require() => Requirement.Check(absence.Value is null, absence.Value ?? "");

    private static string? FindAbsence()
    {
        const string remedy = "install Debian's python3-torchvision, python3-opencv and python3-onnx.";
        if (!File.Exists(Python)) return $"There is no {Python}: {remedy}";
        const string probe =
            "import importlib.util as u; print(*[m for m in ('numpy', 'torch', 'torchvision', 'cv2', 'onnx') if not u.find_spec(m)])";
        var (exitCode, output, errors) = Start(["-c", probe]);
        if (exitCode != 0) return $"{Python} does not run: {errors}";
        string missing = output.Trim();
        return missing.Length == 0 ? null : $"{Python} has no {missing.Replace(" ", ", ")}: {remedy}";
    }

    private static (int ExitCode, string Output, string Errors) Start(string[] arguments)
    {
        ProcessStartInfo info = new(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(info)!;
        // Both pipes are drained at once, or the program would stall on a full one.
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return (process.ExitCode, output.Result, errors.Result);
    }
}
