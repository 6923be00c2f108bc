using System.Diagnostics;
using Vision.Testing;

namespace Vision.Cli.Tests;

/// <summary>A display that exists in memory alone (Xvfb), and can be looked at.</summary>
internal sealed class VirtualDisplay : IDisposable
{
    private const string Server = "/usr/bin/Xvfb";

    private readonly TempFolder folder;
    private readonly Process process;
    private readonly byte[] empty;

    /// <summary>Starts it.</summary>
    /// <exception cref="SkipException">It is not installed, and CI is not "true".</exception>
    public VirtualDisplay()
    {
        Requirement.Check(File.Exists(Server), $"There is no {Server}: install Debian's xvfb.");
        folder = new TempFolder();
        string[] arguments = ["-displayfd", "1", "-screen", "0", "640x480x24", "-fbdir", folder.Path, "-nolisten", "tcp"];
        process = Process.Start(
            new ProcessStartInfo(Server, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Name = $":{process.StandardOutput.ReadLine()}";
        empty = Screen();
    }

    /// <summary>What DISPLAY is to be.</summary>
    public string Name { get; }

    /// <summary>Whether anything is on it.</summary>
    public bool ShowsSomething => !Screen().AsSpan().SequenceEqual(empty);

    /// <inheritdoc/>
    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        folder.Dispose();
    }

    private byte[] Screen() => File.ReadAllBytes(folder["Xvfb_screen0"]);
}
