using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Processes connected by Open MPI. Every call is one that returns at once and is then polled, so that a waiting process leaves
/// its cores to others, and two lanes can be under way.</summary>
internal sealed unsafe partial class MpiProcessGroup : ProcessGroup
{
    // Larger pieces would overflow MPI's 32-bit counts, and keep one wait too long to tell it from a hang.
    private const int PieceBytes = 32 << 20;

    // Polled without a pause for this long, since most waits are short.
    private static readonly TimeSpan eager = TimeSpan.FromMilliseconds(0.2);
    private static readonly TimeSpan connectionLimit = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly nint[] lanes;
    private readonly string[] hosts;
    private readonly GroupWatch watch;

    private MpiProcessGroup(int rank, int size)
    {
        (Rank, Size) = (rank, size);
        lanes = [.. Enum.GetValues<Lane>().Select(_ => Copy())];
        watch = new(rank, size);
        hosts = [.. Gather(Encoding.UTF8.GetBytes(Environment.MachineName)).Select(Encoding.UTF8.GetString)];
        string meeting = FromFirst(rank == 0 ? watch.Listen() : "");
        watch.Start(hosts, meeting);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Leave();

        static nint Copy()
        {
            nint copy;
            Mpi.Check(Mpi.MPI_Comm_dup(Mpi.World, &copy));
            Mpi.Check(Mpi.MPI_Comm_set_errhandler(copy, Mpi.ReturnErrors));
            return copy;
        }
    }

    public override int Rank { get; }

    public override int Size { get; }

    public override string Host => hosts[Rank];

    public override int SizeOnHost => hosts.Count(host => host == Host);

    /// <summary>Waits for all processes.</summary>
    /// <exception cref="InputException">MPI is missing, or not the launcher's.</exception>
    public static MpiProcessGroup Connect()
    {
        Mpi.Load();
        int provided, rank, size, expected = Launcher.Processes();
        using (new Timer(_ => NativeExit.Now(
            $"MPI has not connected the {expected} processes within {connectionLimit.TotalMinutes} minutes", 1), null, connectionLimit,
            Timeout.InfiniteTimeSpan))
            Mpi.Check(Mpi.MPI_Init_thread(0, 0, Mpi.Serialized, &provided));
        if (provided < Mpi.Serialized)
            throw new InputException("This MPI does not allow calls by several threads: install one that was built with threads.");
        Mpi.Check(Mpi.MPI_Comm_rank(Mpi.World, &rank));
        Mpi.Check(Mpi.MPI_Comm_size(Mpi.World, &size));
        if (size != expected)
            throw new InputException(
                $"The launcher started {expected} processes, but MPI connects {size}: the launcher belongs to another MPI than " +
                $"{Mpi.Library}. Use the mpirun of the same Open MPI.");
        MpiProcessGroup group = new(rank, size);
        CoreShare.Apply(group);
        return group;
    }

    public override void Abort(string reason, int exitCode) => watch.Abort(reason, exitCode);

    internal override IDisposable Waiting(string what) => watch.Waiting(what);

    internal override void Sum(Tensor values, Lane lane = Lane.Steps)
    {
        if (values.device_type != DeviceType.CPU || !values.is_contiguous())
            throw new ArgumentException("Sums need contiguous tensors on the CPU.", nameof(values));
        nint type = values.dtype switch
        {
            ScalarType.Float32 => Mpi.Float,
            ScalarType.Float64 => Mpi.Double,
            var other => throw new ArgumentException($"There are no sums of {other}.", nameof(values)),
        };
        int elementBytes = (int)values.element_size();
        fixed (byte* start = values.bytes)
        {
            byte* begin = start;
            long bytes = values.numel() * elementBytes;
            for (long done = 0; done < bytes; done += PieceBytes)
            {
                byte* piece = begin + done;
                int count = (int)(Math.Min(PieceBytes, bytes - done) / elementBytes);
                Run(lane, lane == Lane.Norms ? "the statistics of a batch norm" : "a sum", (communicator, request) =>
                    Mpi.MPI_Iallreduce((void*)Mpi.InPlace, piece, count, type, Mpi.SumOperation, communicator, (nint*)request));
            }
        }
    }

    internal override void Broadcast(Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            byte* begin = start;
            for (int done = 0; done < bytes.Length; done += PieceBytes)
            {
                byte* piece = begin + done;
                int count = Math.Min(PieceBytes, bytes.Length - done);
                Run(Lane.Steps, "the first process's data", (communicator, request) =>
                    Mpi.MPI_Ibcast(piece, count, Mpi.Byte, 0, communicator, (nint*)request));
            }
        }
    }

    internal override byte[][] Gather(byte[] own) => Gather(own, Lengths(own.Length), toAll: true)!;

    internal override byte[][]? GatherToFirst(byte[] own) => Gather(own, Lengths(own.Length), toAll: false);

    private int[] Lengths(int own) =>
        [.. Gather(BitConverter.GetBytes(own), [.. Enumerable.Repeat(sizeof(int), Size)], toAll: true)!
            .Select(bytes => BitConverter.ToInt32(bytes))];

    private byte[][]? Gather(byte[] own, int[] lengths, bool toAll)
    {
        int[] places = new int[Size];
        for (int i = 1; i < Size; i++) places[i] = checked(places[i - 1] + lengths[i - 1]);
        byte[] all = new byte[toAll || IsFirst ? checked(places[^1] + lengths[^1]) : 0];
        fixed (byte* ownStart = own, allStart = all)
        fixed (int* lengthStart = lengths, placeStart = places)
        {
            byte* input = ownStart, output = allStart;
            int* counts = lengthStart, offsets = placeStart;
            Run(Lane.Steps, "the other processes' results", (communicator, request) => toAll
                ? Mpi.MPI_Iallgatherv(input, own.Length, Mpi.Byte, output, counts, offsets, Mpi.Byte, communicator, (nint*)request)
                : Mpi.MPI_Igatherv(input, own.Length, Mpi.Byte, output, counts, offsets, Mpi.Byte, 0, communicator, (nint*)request));
        }
        return toAll || IsFirst ? [.. lengths.Select((length, i) => all.AsSpan(places[i], length).ToArray())] : null;
    }

    private void Run(Lane lane, string what, Func<nint, nint, int> start)
    {
        // The gradients' lane has a thread of its own; the training thread waits for that by itself.
        using IDisposable? waiting = lane == Lane.Gradients ? null : Waiting(what);
        nint request = 0;
        int done = 0;
        lock (gate) Mpi.Check(start(lanes[(int)lane], (nint)(&request)));
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            lock (gate) Mpi.Check(Mpi.MPI_Test(&request, &done, 0));
            if (done != 0) break;
            if (Stopwatch.GetElapsedTime(began) < eager) Thread.Yield();
            else _ = usleep(20);
        }
        watch.Completed();
    }

    /// <summary>Leaves the others in order, at a normal end of the process.</summary>
    private void Leave()
    {
        if (Environment.ExitCode is not (0 or Canceled))
        {
            Abort($"ended with exit code {Environment.ExitCode}", Environment.ExitCode);
            return;
        }
        using (Waiting("the other processes' end"))
            _ = Gather([]);
        watch.Leave();
        using Timer limit = new(_ => NativeExit.Now(null, 1), null, GroupWatch.Silence, Timeout.InfiniteTimeSpan);
        lock (gate) _ = Mpi.MPI_Finalize();
    }

    /// <summary>The exit code of a run that was stopped, and can be resumed.</summary>
    private const int Canceled = 130;

    [LibraryImport("libc.so.6")]
    private static partial int usleep(uint microseconds);
}
