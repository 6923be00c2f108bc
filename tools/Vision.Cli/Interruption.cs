using System.Runtime.InteropServices;

namespace Vision.Cli;

/// <summary>Turns the first Ctrl-C (or SIGTERM) into a request to stop at the next safe point;
/// a second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>The name of an environment variable: if it is set, the standard input is a lifeline to the process that started this one,
    /// which stops when the input ends. Signals would not do: a terminal's Ctrl-C reaches both, and a second one ends a process.</summary>
    public const string LifelineVariable = "VISION_LIFELINE";

    /// <summary>The conventional exit code of a program stopped by Ctrl-C.</summary>
    public const int ExitCode = 130;

    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;

    /// <summary>Starts listening for signals.</summary>
    public Interruption()
    {
        registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal =>
            PosixSignalRegistration.Create(signal, Stop))];
        if (Environment.GetEnvironmentVariable(LifelineVariable) is { Length: > 0 })
            new Thread(Watch) { IsBackground = true, Name = "lifeline" }.Start();
    }

    /// <summary>Canceled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations) registration.Dispose();
        source.Dispose();
    }

    private void Watch()
    {
        using Stream input = Console.OpenStandardInput();
        byte[] ignored = new byte[1];
        while (input.Read(ignored) > 0) { }
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work had ended already.
        }
    }

    private void Stop(PosixSignalContext context)
    {
        if (source.IsCancellationRequested) return;
        context.Cancel = true;
        source.Cancel();
    }
}
