using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Vision.Training;

/// <summary>
/// Notices that a process of a group is gone, silent or stuck, and ends all: MPI itself would wait forever. Every process has a
/// connection to the first one, over which a thread of its own says each second that it lives, whatever the others compute.
/// </summary>
internal sealed class GroupWatch
{
    private const char Hello = 'H', Beat = 'B', Failed = 'F', Left = 'L';

    /// <summary>Without a sign of life for so long, a process counts as lost.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan interval = TimeSpan.FromSeconds(1), joining = TimeSpan.FromSeconds(60),
        farewell = TimeSpan.FromSeconds(3);

    private readonly int rank, size;
    private readonly string secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private readonly List<WatchPeer> peers = [];
    private readonly Lock ending = new();
    private Socket? listener;
    private string[] hosts = [];
    private long completed;
    private volatile string waitsFor = "";
    private volatile bool hasLeft;
    private (long Completed, long Since) stuck;

    /// <summary>A watch that has not begun.</summary>
    public GroupWatch(int rank, int size) => (this.rank, this.size) = (rank, size);

    private WatchState Own => new(Interlocked.Read(ref completed), waitsFor);

    /// <summary>Opens the port of the first process.</summary>
    /// <returns>Where the others find it.</returns>
    public string Listen()
    {
        bool both = Socket.OSSupportsIPv6;
        listener = new(both ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (both) listener.DualMode = true;
        listener.Bind(new IPEndPoint(both ? IPAddress.IPv6Any : IPAddress.Any, 0));
        listener.Listen(size);
        return new Meeting(((IPEndPoint)listener.LocalEndPoint!).Port, secret, Meeting.OwnAddresses()).ToString();
    }

    /// <summary>Connects all processes with the first, and watches from then on.</summary>
    /// <param name="names">The name of each process's machine.</param>
    /// <param name="place">What <see cref="Listen"/> of the first process returned.</param>
    public void Start(string[] names, string place)
    {
        hosts = names;
        Meeting meeting = Meeting.Parse(place);
        if (rank == 0) Accept();
        else
        {
            Socket? socket = meeting.Connect(isSameHost: hosts[rank] == hosts[0]);
            if (socket is null)
                NativeExit.Now($"{NameOf(rank)}: {NameOf(0)} cannot be reached at port {meeting.Port} of " +
                    $"{string.Join(" or ", meeting.Addresses)}: open the network between the machines", 1);
            WatchPeer first = new(socket!) { Rank = 0, LastHeard = Stopwatch.GetTimestamp() };
            first.Send(Hello, [.. BitConverter.GetBytes(rank), .. Encoding.ASCII.GetBytes(meeting.Secret)]);
            peers.Add(first);
        }
        foreach (WatchPeer peer in peers) peer.Socket.SendTimeout = (int)interval.TotalMilliseconds;
        new Thread(Watch) { IsBackground = true, Name = "Vision watch" }.Start();
    }

    /// <summary>Counts a completed communication.</summary>
    public void Completed() => Interlocked.Increment(ref completed);

    /// <summary>Notes what the training thread waits for, until disposed.</summary>
    public IDisposable Waiting(string what)
    {
        waitsFor = what;
        return new Wait(this);
    }

    /// <summary>From now on, the end of other processes is in order.</summary>
    public void Leave()
    {
        hasLeft = true;
        foreach (WatchPeer peer in peers) peer.Send(Left, []);
    }

    /// <summary>Ends all processes because of this one.</summary>
    public void Abort(string reason, int exitCode)
    {
        string line = $"{NameOf(rank)}: {reason}";
        if (rank == 0) End(line, exitCode);
        peers[0].Send(Failed, [.. BitConverter.GetBytes(exitCode), .. Encoding.UTF8.GetBytes(line)]);
        // The first process writes the line, and its answer ends this one.
        Thread.Sleep(2 * farewell);
        NativeExit.Now(line, exitCode);
    }

    private void Accept()
    {
        long began = Stopwatch.GetTimestamp();
        HashSet<int> missing = [.. Enumerable.Range(1, size - 1)];
        while (missing.Count > 0)
        {
            TimeSpan left = joining - Stopwatch.GetElapsedTime(began);
            if (left <= TimeSpan.Zero || !listener!.Poll(left, SelectMode.SelectRead))
                NativeExit.Now($"{NameOf(missing.Min())} has not connected to {NameOf(0)} within {joining.TotalSeconds} s: " +
                    "open the network between the machines", 1);
            Socket socket = listener!.Accept();
            socket.NoDelay = true;
            socket.ReceiveTimeout = (int)interval.TotalMilliseconds;
            WatchPeer peer = new(socket);
            // Whoever does not know the secret is a stranger.
            if (peer.Receive() is [(Hello, var body), ..] && Encoding.ASCII.GetString(body[sizeof(int)..]) == secret
                && missing.Remove(BitConverter.ToInt32(body)))
            {
                (peer.Rank, peer.LastHeard) = (BitConverter.ToInt32(body), Stopwatch.GetTimestamp());
                peers.Add(peer);
            }
            else peer.Dispose();
        }
        listener!.Dispose();
    }

    private void Watch()
    {
        long beat = 0;
        while (!hasLeft)
        {
            List<Socket> readable = [.. peers.Where(peer => !peer.HasLeft).Select(peer => peer.Socket)];
            if (readable.Count == 0) return;
            Socket.Select(readable, null, null, interval / 2);
            foreach (WatchPeer peer in peers.Where(peer => readable.Contains(peer.Socket))) Hear(peer);
            if (Stopwatch.GetElapsedTime(beat) < interval) continue;
            beat = Stopwatch.GetTimestamp();
            byte[] own = Own.ToBytes();
            foreach (WatchPeer peer in peers.Where(peer => !peer.HasLeft)) peer.Send(Beat, own);
            foreach (WatchPeer peer in peers.Where(peer => !peer.HasLeft))
                if (Stopwatch.GetElapsedTime(peer.LastHeard) > Silence)
                    Lose(peer, $"has not answered for {Silence.TotalSeconds} s: it hangs, or the network is cut");
            if (rank == 0) FindDeadlock();
        }
    }

    private void Hear(WatchPeer peer)
    {
        if (peer.Receive() is not { } messages)
        {
            // The last message of a process that ends in order may come together with its end.
            if (!peer.HasLeft && !hasLeft) Lose(peer, "has ended without a word: it was killed, or it crashed");
            peer.HasLeft = true;
            return;
        }
        peer.LastHeard = Stopwatch.GetTimestamp();
        foreach (var (kind, body) in messages)
        {
            switch (kind)
            {
                case Beat:
                    peer.State = WatchState.From(body);
                    break;
                case Left:
                    peer.HasLeft = true;
                    break;
                case Failed when rank == 0:
                    End(Encoding.UTF8.GetString(body, sizeof(int), body.Length - sizeof(int)), BitConverter.ToInt32(body));
                    break;
                case Failed:
                    NativeExit.Now(null, BitConverter.ToInt32(body));          // the first process has written why
                    break;
            }
        }
    }

    private void Lose(WatchPeer peer, string how)
    {
        string line = $"{NameOf(peer.Rank)} {how}";
        if (rank == 0) End(line, 1);
        // Every other process notices the loss of the first. One line suffices: the launcher ends those that wait here.
        if (rank > 1) Thread.Sleep(farewell);
        NativeExit.Now(line, 1);
    }

    /// <summary>Processes whose next communications differ would wait for each other forever.</summary>
    private void FindDeadlock()
    {
        WatchState[] states = [Own, .. peers.Select(peer => peer.State)];
        long sum = states.Sum(state => state.Completed);
        if (sum != stuck.Completed || states.Any(state => state.WaitsFor.Length == 0)) stuck = (sum, Stopwatch.GetTimestamp());
        if (Stopwatch.GetElapsedTime(stuck.Since) <= Silence) return;
        WatchPeer other = peers.FirstOrDefault(peer => peer.State.WaitsFor != waitsFor) ?? peers[0];
        End($"all processes wait for each other: {NameOf(0)} for {waitsFor}, {NameOf(other.Rank)} for {other.State.WaitsFor}", 1);
    }

    /// <summary>Writes the line and ends all; the first call counts.</summary>
    private void End(string line, int exitCode)
    {
        lock (ending)
        {
            Console.Error.WriteLine($"vision: {line.ReplaceLineEndings(" ")}");
            byte[] message = [.. BitConverter.GetBytes(exitCode), .. Encoding.UTF8.GetBytes(line)];
            foreach (WatchPeer peer in peers.Where(peer => !peer.HasLeft)) peer.Send(Failed, message);
            // A launcher may end what is left as soon as one process is gone, before it has heard why.
            long began = Stopwatch.GetTimestamp();
            List<Socket> open = [.. peers.Where(peer => !peer.HasLeft).Select(peer => peer.Socket)];
            while (open.Count > 0 && Stopwatch.GetElapsedTime(began) < farewell)
            {
                List<Socket> readable = [.. open];
                Socket.Select(readable, null, null, interval / 10);
                open.RemoveAll(socket => readable.Contains(socket) && IsClosed(socket));
            }
            NativeExit.Now(null, exitCode);
        }
    }

    private static bool IsClosed(Socket socket)
    {
        try
        {
            return socket.Receive(new byte[4096]) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private string NameOf(int process) => $"rank {process} on {hosts[process]}";

    private sealed class Wait(GroupWatch watch) : IDisposable
    {
        public void Dispose() => watch.waitsFor = "";
    }
}
