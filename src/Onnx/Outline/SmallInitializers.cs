using System.Runtime.InteropServices;
using Vision.Onnx.Schema;

namespace Vision.Onnx;

/// <summary>Reads the small initializers of an ONNX file, such as shapes, and skips the weights, however large they are.</summary>
internal static class SmallInitializers
{
    /// <summary>The most bytes of an initializer that is read.</summary>
    private const int MostBytes = 1024;

    private const int Graph = 7, Initializer = 5;                          // field numbers of messages in ONNX's schema

    /// <summary>Their values by name.</summary>
    /// <param name="path">A file that is known to be an ONNX model.</param>
    public static Dictionary<string, double[]> Read(string path)
    {
        Dictionary<string, double[]> values = [];
        using FileStream file = File.OpenRead(path);
        foreach (long graph in Messages(file, file.Length, Graph))
        {
            foreach (long end in Messages(file, graph, Initializer))
            {
                if (end - file.Position > MostBytes) continue;
                byte[] content = new byte[end - file.Position];
                file.ReadExactly(content);
                TensorProto tensor = TensorProto.Parser.ParseFrom(content);
                values[tensor.Name] = ValuesOf(tensor);
            }
        }
        return values;
    }

    /// <summary>Its values; infinite if it is of a type that no size has in exported files.</summary>
    private static double[] ValuesOf(TensorProto tensor)
    {
        ReadOnlySpan<byte> raw = tensor.RawData.Span;
        return (DataType)tensor.DataType switch
        {
            DataType.Int64 => [.. tensor.Int64Data.Concat(MemoryMarshal.Cast<byte, long>(raw).ToArray()).Select(value => (double)value)],
            DataType.Int32 => [.. tensor.Int32Data.Concat(MemoryMarshal.Cast<byte, int>(raw).ToArray()).Select(value => (double)value)],
            DataType.Float => [.. tensor.FloatData.Concat(MemoryMarshal.Cast<byte, float>(raw).ToArray()).Select(value => (double)value)],
            _ => [double.PositiveInfinity],
        };
    }

    /// <summary>Stops at the start of each message with a number, up to some position of the file, and gives where it ends.</summary>
    private static IEnumerable<long> Messages(FileStream file, long end, int number)
    {
        while (file.Position < end)
        {
            ulong tag = Varint(file);
            ulong type = tag & 7, length = type switch { 1 => 8, 5 => 4, _ => Varint(file) };
            long next = file.Position + (type == 0 ? 0 : (long)length);
            if (type == 2 && (int)(tag >> 3) == number) yield return next;
            file.Position = next;
        }
    }

    private static ulong Varint(FileStream file)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            int part = file.ReadByte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;                                 // also at the end of the file
        }
    }
}
