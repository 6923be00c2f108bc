using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Google.Protobuf;
using Vision.Training.Schema;

namespace Vision.Training;

/// <summary>A file of TensorBoard's events: records of protobuf messages, each with its length and checksums (TensorFlow's
/// TFRecord).</summary>
internal sealed class EventFile : IDisposable
{
    private const int LengthBytes = sizeof(ulong), ChecksumBytes = sizeof(uint);
    private const string Version = "brain.Event:2";

    private static int files;

    private readonly FileStream stream;

    /// <summary>Creates a file with a name that TensorBoard recognizes.</summary>
    /// <param name="folder">Its folder, which exists.</param>
    /// <exception cref="IOException">It cannot be created.</exception>
    public EventFile(string folder)
    {
        // TensorBoard reads the files of a folder in the order of their names.
        string name = string.Create(CultureInfo.InvariantCulture,
            $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}" +
            $".{Interlocked.Increment(ref files)}");
        stream = new(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        Write(new Event { FileVersion = Version });
    }

    /// <summary>The time of events, in seconds since 1970.</summary>
    public static double Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;

    /// <summary>Writes an event. A process that is killed then has lost none.</summary>
    public void Write(Event entry)
    {
        entry.WallTime = Now;
        int length = entry.CalculateSize();
        byte[] record = new byte[LengthBytes + ChecksumBytes + length + ChecksumBytes];
        Span<byte> head = record.AsSpan(0, LengthBytes), data = record.AsSpan(LengthBytes + ChecksumBytes, length);
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)length);
        entry.WriteTo(data);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(LengthBytes), Checksum(head));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(LengthBytes + ChecksumBytes + length), Checksum(data));
        stream.Write(record);
        stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    /// <summary>CRC-32C, rotated and shifted as TFRecord does.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        const uint Shift = 0xa282ead8;
        uint sum = uint.MaxValue;
        foreach (byte one in bytes) sum = BitOperations.Crc32C(sum, one);
        return BitOperations.RotateRight(~sum, 15) + Shift;
    }
}
