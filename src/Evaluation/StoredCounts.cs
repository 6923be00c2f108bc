using System.Runtime.InteropServices;

namespace Vision.Evaluation;

/// <summary>Tables of counts as bytes, for another process of the same program.</summary>
internal static class StoredCounts
{
    /// <summary>Writes a table.</summary>
    public static void Write(BinaryWriter writer, long[,] counts) => writer.Write(MemoryMarshal.AsBytes(AsSpan(counts)));

    /// <summary>Adds a table of the same size to another.</summary>
    public static void Add(BinaryReader reader, long[,] counts)
    {
        foreach (ref long count in AsSpan(counts)) count += reader.ReadInt64();
    }

    private static Span<long> AsSpan(long[,] counts) =>
        counts.Length == 0 ? [] : MemoryMarshal.CreateSpan(ref counts[0, 0], counts.Length);
}
