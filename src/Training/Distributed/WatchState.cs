using System.Text;

namespace Vision.Training;

/// <summary>How far a process is.</summary>
/// <param name="Completed">The number of its completed communications.</param>
/// <param name="WaitsFor">What it waits for; empty if it computes.</param>
internal sealed record WatchState(long Completed, string WaitsFor)
{
    /// <summary>The bytes of a message.</summary>
    public byte[] ToBytes() => [.. BitConverter.GetBytes(Completed), .. Encoding.UTF8.GetBytes(WaitsFor)];

    /// <summary>The state in a message.</summary>
    public static WatchState From(byte[] bytes) =>
        new(BitConverter.ToInt64(bytes), Encoding.UTF8.GetString(bytes, sizeof(long), bytes.Length - sizeof(long)));
}
