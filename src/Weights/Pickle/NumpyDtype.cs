using System.Buffers.Binary;

namespace Vision.Weights.Pickle;

/// <summary>The numpy dtype of a scalar, such as the accuracy in a checkpoint.</summary>
internal sealed class NumpyDtype(string code)
{
    public bool BigEndian { get; set; }

    /// <summary>The value of a scalar's bytes: a long, a double or a bool.</summary>
    public object Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8) throw Unknown();
        Span<byte> value = stackalloc byte[8];
        bytes.CopyTo(value);
        if (BigEndian) value[..bytes.Length].Reverse();
        return (code, bytes.Length) switch
        {
            ("f8", 8) => BinaryPrimitives.ReadDoubleLittleEndian(value),
            ("f4", 4) => (double)BinaryPrimitives.ReadSingleLittleEndian(value),
            ("f2", 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(value),
            ("i8", 8) or ("u8", 8) => BinaryPrimitives.ReadInt64LittleEndian(value),
            ("i4", 4) => (long)BinaryPrimitives.ReadInt32LittleEndian(value),
            ("u4", 4) => (long)BinaryPrimitives.ReadUInt32LittleEndian(value),
            ("i2", 2) => (long)BinaryPrimitives.ReadInt16LittleEndian(value),
            ("i1", 1) => (long)(sbyte)value[0],
            ("u1", 1) => (long)value[0],
            ("b1", 1) => value[0] != 0,
            _ => throw Unknown(),
        };
    }

    private MalformedException Unknown() => new($"its pickle contains a numpy scalar of type '{code}', which is not a plain number");
}
