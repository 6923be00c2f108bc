using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// A stream into tensors, for the hundreds of megabytes of an optimizer's state: arrays of that size would stay until the garbage collector's next
/// full collection, and a long run would grow with each checkpoint.
/// </summary>
internal sealed class TensorStream : Stream
{
    private const int PartBytes = 16 << 20;

    private readonly List<Tensor> parts = [];
    private long length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => length;

    public override long Position
    {
        get => length;
        set => throw new NotSupportedException();
    }

    /// <summary>All that was written: uint8 [<see cref="Length"/>].</summary>
    public Tensor ToTensor() => cat(parts).narrow(0, 0, length);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            int used = (int)(length % PartBytes);
            // Whoever writes may have a scope open, which ends before the stream does.
            if (used == 0) parts.Add(empty(PartBytes, uint8).DetachFromDisposeScope());
            int count = Math.Min(buffer.Length, PartBytes - used);
            buffer[..count].CopyTo(parts[^1].bytes[used..]);
            buffer = buffer[count..];
            length += count;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        foreach (Tensor part in parts) part.Dispose();
        base.Dispose(disposing);
    }
}
