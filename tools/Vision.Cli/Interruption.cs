using System.Runtime.InteropServices;

namespace Vision.Cli;

/// <summary>Turns the first Ctrl-C (or SIGTERM) into a request to stop at the next safe point;
/// a second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>The conventional exit code of a program stopped by Ctrl-C.</summary>
    public const int ExitCode = 130;

    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;

    /// <summary>Starts listening for signals.</summary>
    public Interruption() =>
        registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal =>
            PosixSignalRegistration.Create(signal, Stop))];

    /// <summary>Canceled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations) registration.Dispose();
        source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        if (source.IsCancellationRequested) return;
        context.Cancel = true;
        source.Cancel();
    }
}
