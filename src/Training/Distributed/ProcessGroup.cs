using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// The processes that train one model together, each with its part of every batch: one, unless a launcher such as <c>mpirun</c> or
/// Slurm's <c>srun</c> started several, on one machine or many. Their sums go through an existing engine: MPI.
/// </summary>
/// <remarks>
/// If one process fails, is killed, hangs or is cut off, all others end within a minute: the first one writes a line that names the host,
/// the rank and the reason, and each ends with an exit code other than 0.
/// </remarks>
public abstract class ProcessGroup
{
    private static readonly Lazy<ProcessGroup> current = new(Join);

    private protected ProcessGroup() { }

    /// <summary>The processes of this run. At first use they are connected, which waits for all of them, and each is limited to its share
    /// of the machine's cores.</summary>
    /// <exception cref="InputException">A launcher started several processes, but they cannot be connected: MPI is missing, or is not the
    /// launcher's.</exception>
    public static ProcessGroup Current => current.Value;

    /// <summary>This process among all, starting at 0. Process 0 is the first: it alone writes files, reports and runs callbacks.</summary>
    public abstract int Rank { get; }

    /// <summary>The number of processes.</summary>
    public abstract int Size { get; }

    /// <summary>The number of them on this machine.</summary>
    public abstract int SizeOnHost { get; }

    /// <summary>The name of this process's machine.</summary>
    public abstract string Host { get; }

    /// <summary>Whether this is the process that writes files and reports.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>
    /// Ends all processes, this one included, because this one cannot go on; it does not return. With a single process it does nothing.
    /// </summary>
    /// <param name="reason">Why, in one line, which the first process writes after the rank and the host of this one.</param>
    /// <param name="exitCode">The exit code of all processes.</param>
    public abstract void Abort(string reason, int exitCode);

    /// <summary>Ends all processes because of an exception in this one.</summary>
    /// <param name="cause">The exception: a mistake of the user ends with exit code 2, anything else with 1 and the stack trace.</param>
    public void Abort(Exception cause)
    {
        if (Size == 1) return;
        if (cause is not InputException) Console.Error.WriteLine(cause);
        Abort(cause is InputException ? cause.Message : $"{cause.GetType().Name}: {cause.Message}", cause is InputException ? 2 : 1);
    }

    /// <summary>Replaces a tensor in every process by the sum over all.</summary>
    /// <param name="values">Contiguous, of the same shape everywhere, float32 or float64.</param>
    /// <param name="lane">The order of sums must be the same everywhere in each lane; lanes are independent of each other.</param>
    internal abstract void Sum(Tensor values, Lane lane = Lane.Steps);

    /// <summary>Copies bytes of the first process to all.</summary>
    /// <param name="bytes">Of the same length everywhere.</param>
    internal abstract void Broadcast(Span<byte> bytes);

    /// <summary>The bytes of every process, in every process. Their lengths may differ.</summary>
    internal abstract byte[][] Gather(byte[] own);

    /// <summary>The bytes of every process, in the first one; null in others.</summary>
    internal abstract byte[][]? GatherToFirst(byte[] own);

    /// <summary>Declares that the training thread waits for another thread's communication, so that processes that wait for each other
    /// are found.</summary>
    /// <param name="what">What it waits for.</param>
    internal abstract IDisposable Waiting(string what);

    /// <summary>The first process's tensor, in every process.</summary>
    /// <param name="values">Of the same shape everywhere, of any type and memory format.</param>
    internal void Broadcast(Tensor values)
    {
        if (Size == 1) return;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor flat = values.detach().contiguous().reshape(-1).clone();
        Broadcast(flat.bytes);
        if (!IsFirst) values.copy_(flat.reshape(values.shape));
    }

    /// <summary>The first process's text, in every process.</summary>
    internal string FromFirst(string text) =>
        Size == 1 ? text : System.Text.Encoding.UTF8.GetString(Gather(IsFirst ? System.Text.Encoding.UTF8.GetBytes(text) : [])[0]);

    private static ProcessGroup Join() => Launcher.Processes() > 1 ? MpiProcessGroup.Connect() : new SingleProcess();
}
