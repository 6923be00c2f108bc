using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Vision.Weights.Pickle;

/// <summary>Reads the operands of pickle's instructions from a stream. A declared length is checked against the file's length.</summary>
internal sealed class PickleInput(Stream stream)
{
    // Names and shapes of ten thousand tensors take about 2 MB, so a larger pickle is not a state dict.
    private const long MaxBytes = 64 << 20;
    private const int MaxDigits = 1000;

    private readonly long start = stream.Position;

    public byte Byte()
    {
        int value = stream.ReadByte();
        return value >= 0 ? (byte)value : throw new EndOfStreamException();
    }

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    /// <summary>An 8-byte length.</summary>
    public long Length64()
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));
        return length <= long.MaxValue ? (long)length : throw new EndOfStreamException();
    }

    public double BigEndianDouble() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(8));

    public byte[] Bytes(long count)
    {
        if (count < 0 || count > stream.Length - stream.Position) throw new EndOfStreamException();
        CheckSize(count);
        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public string Utf8(long count) => Encoding.UTF8.GetString(Bytes(count));

    /// <summary>A string of Python 2, decoded reversibly.</summary>
    public string Latin1(long count) => Encoding.Latin1.GetString(Bytes(count));

    /// <summary>Text up to a line feed, as protocol 0 writes its operands.</summary>
    public string Line()
    {
        List<byte> bytes = [];
        for (byte value = Byte(); value != '\n'; value = Byte()) bytes.Add(value);
        CheckSize(0);
        if (bytes is [.., (byte)'\r']) bytes.RemoveAt(bytes.Count - 1);
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>A two's complement little-endian integer of <paramref name="count"/> bytes: a long, or a BigInteger if necessary.</summary>
    public object Integer(long count)
    {
        if (count > MaxDigits) throw new MalformedException("its pickle contains an integer of implausible size");
        return Shortest(new BigInteger(Bytes(count)));
    }

    /// <summary>A decimal integer on a line. Protocols 0 and 1 write False and True as "00" and "01".</summary>
    public object IntegerLine()
    {
        string line = Line().TrimEnd('L');
        if (line is "00") return false;
        if (line is "01") return true;
        return line.Length <= MaxDigits
            && BigInteger.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value)
            ? Shortest(value)
            : throw new MalformedException("its pickle contains an invalid number");
    }

    public double FloatLine() =>
        double.TryParse(Line(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw new MalformedException("its pickle contains an invalid number");

    /// <summary>A quoted string on a line. Escapes do not occur in the names of a state dict and are not decoded.</summary>
    public string QuotedLine()
    {
        string line = Line();
        return line is ['\'', .., '\''] or ['"', .., '"']
            ? line[1..^1]
            : throw new MalformedException("its pickle contains a string without quotes");
    }

    private static object Shortest(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;

    private void CheckSize(long count)
    {
        if (stream.Position - start + count > MaxBytes)
            throw new MalformedException($"its pickle is over {MaxBytes >> 20} MiB, which no state dict needs");
    }
}
