using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Vision.Testing;

/// <summary>
/// A living Python that runs scripts one after another (tools/Parity/peer.py). It ends with this process,
/// however that ends: its input ends then. One thread at a time.
/// </summary>
public sealed class PeerProcess : IDisposable
{
    private static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web);

    private readonly StringBuilder errors = new();
    private readonly Process process;

    /// <summary>Starts it; scripts run in the repository's root.</summary>
    /// <param name="python">The interpreter.</param>
    public PeerProcess(string python)
    {
        ProcessStartInfo info = new(python, [Path.Combine(Repository.Root, "tools", "Parity", "peer.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        info.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        process = Process.Start(info)!;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors) errors.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
    }

    /// <summary>Whether it takes requests.</summary>
    public bool IsAlive => !process.HasExited;

    /// <summary>Runs a script as a program of its own, and gives its exit code and what it
    /// wrote to standard output and standard error.</summary>
    /// <exception cref="InvalidOperationException">The interpreter crashed, or the script took longer
    /// than the limit; then the interpreter is ended.</exception>
    public (int ExitCode, string Output, string Errors) Run(string script, IEnumerable<string> arguments, TimeSpan limit)
    {
        lock (errors) errors.Clear();
        Task<string?> line = process.StandardOutput.ReadLineAsync();
        process.StandardInput.WriteLine(JsonSerializer.Serialize(new Request(script, [.. arguments]), json));
        process.StandardInput.Flush();
        if (!line.Wait(limit))
        {
            Dispose();
            throw new InvalidOperationException($"{script} was not finished after {limit.TotalSeconds} s:\n{errors}");
        }
        if (line.Result is null)
        {
            process.WaitForExit();
            throw new InvalidOperationException($"Python ended with exit code {process.ExitCode} while it ran {script}:\n{errors}");
        }
        var answer = JsonSerializer.Deserialize<Answer>(line.Result, json)!;
        return (answer.ExitCode, answer.Output, answer.Errors);
    }

    /// <summary>Ends it at once.</summary>
    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    private sealed record Request(string Script, string[] Arguments);

    private sealed record Answer(int ExitCode, string Output, string Errors);
}
