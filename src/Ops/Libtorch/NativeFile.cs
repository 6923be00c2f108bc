using System.Buffers.Binary;

namespace Vision.Ops.Libtorch;

/// <summary>The file of a native library.</summary>
internal static class NativeFile
{
    private const int HeaderSize = 64, SegmentSize = 56;
    private const uint LoadedSegment = 1;

    /// <summary>
    /// Linux maps a library into memory without checking the file's length, and a read past its end kills the process with a bus error:
    /// a truncated file must be detected before loading. The loader reports all other defects itself.
    /// </summary>
    /// <exception cref="NativeLibraryException">The file ends before the end of its loadable segments.</exception>
    public static void CheckWhole(string path)
    {
        if (!OperatingSystem.IsLinux()) return;
        using FileStream file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[HeaderSize];
        if (file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize) return;
        if (!header.StartsWith("\u007FELF\u0002\u0001"u8)) return;                            // no ELF, or not of 64 bits, little-endian
        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(header[0x36..]), count = BinaryPrimitives.ReadUInt16LittleEndian(header[0x38..]);
        if (size != SegmentSize || table > (ulong)file.Length) return;

        file.Position = (long)table;
        ulong needed = 0;
        Span<byte> segment = stackalloc byte[SegmentSize];
        for (int i = 0; i < count && file.ReadAtLeast(segment, SegmentSize, throwOnEndOfStream: false) == SegmentSize; i++)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(segment) != LoadedSegment) continue;
            ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(segment[8..]);
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(segment[32..]);
            needed = Math.Max(needed, offset + length);
        }
        if (needed > (ulong)file.Length) throw new NativeLibraryException(LoadFailure.CutShort(path, file.Length, needed));
    }
}
