using System.Net.Sockets;

namespace Vision.Training;

/// <summary>A connection of the watch: messages of a length, a kind and a body.</summary>
internal sealed class WatchPeer(Socket socket) : IDisposable
{
    private const int HeaderBytes = 5, MostBytes = 1 << 20;

    private readonly Lock sending = new();
    private byte[] received = new byte[4096];
    private int filled;

    /// <summary>Its rank; -1 until it said so.</summary>
    public int Rank { get; set; } = -1;

    /// <summary>When it was last heard, on the stopwatch.</summary>
    public long LastHeard { get; set; }

    /// <summary>Whether it said that it ends in order.</summary>
    public bool HasLeft { get; set; }

    /// <summary>How far it is.</summary>
    public WatchState State { get; set; } = new(0, "");

    /// <summary>The connection.</summary>
    public Socket Socket => socket;

    /// <summary>Sends a message; a connection that is gone or full is noticed elsewhere.</summary>
    public void Send(char kind, byte[] body)
    {
        byte[] message = [.. BitConverter.GetBytes(body.Length), (byte)kind, .. body];
        lock (sending)
        {
            try
            {
                socket.Send(message);
            }
            catch (SocketException)
            {
                // Its next message will be missing, which ends the run.
            }
        }
    }

    /// <summary>The messages that have come; null if the other side closed the connection.</summary>
    public IReadOnlyList<(char Kind, byte[] Body)>? Receive()
    {
        try
        {
            if (filled == received.Length) Array.Resize(ref received, 2 * filled);
            int count = socket.Receive(received, filled, received.Length - filled, SocketFlags.None);
            if (count == 0) return null;
            filled += count;
        }
        catch (SocketException)
        {
            return null;
        }
        List<(char, byte[])> messages = [];
        int start = 0;
        while (filled - start >= HeaderBytes)
        {
            int length = BitConverter.ToInt32(received, start);
            if (length is < 0 or > MostBytes) return null;                 // not one of ours
            if (filled - start < HeaderBytes + length) break;
            messages.Add(((char)received[start + 4], received.AsSpan(start + HeaderBytes, length).ToArray()));
            start += HeaderBytes + length;
        }
        received.AsSpan(start, filled - start).CopyTo(received);
        filled -= start;
        return messages;
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();
}
