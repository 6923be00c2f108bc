using Google.Protobuf;
using Vision.Onnx.Schema;
using Vision.Weights;

namespace Vision.Onnx.Exporting;

/// <summary>Writes ONNX files.</summary>
internal static class OnnxModelFile
{
    private const int IrVersion = 8, Opset = 17;

    // Protobuf's messages end at 2 GiB; what is no weight needs far less than the rest.
    private const long MostInside = (2L << 30) - (64 << 20);

    // Smaller tensors, such as shapes, stay in the file: runtimes look at them before they load weights.
    private const int LeastOutside = 1024;

    // Runtimes that map the file into memory want whole pages.
    private const int Alignment = 4096;

    /// <summary>Rejects a path that no file can be written to.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="InputException">It exists, or is a folder.</exception>
    public static void Check(string path, bool overwrite)
    {
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder; give the name of a file in it.");
        foreach (string file in (string[])[path, DataOf(path)])
            if (!overwrite && File.Exists(file))
                throw new InputException($"{file} already exists; choose another file, or allow overwriting.");
    }

    /// <summary>Writes a file, and a second one with the weights, named after the first with ".data" at the end, where they are too large.
    /// Each is complete or not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="graph">The graph; its weights are taken out if they are too large.</param>
    /// <param name="metadata">What else the file says, by key.</param>
    /// <param name="mostInside">The most bytes of weights in the file itself.</param>
    public static void Write(string path, GraphProto graph, IReadOnlyDictionary<string, string> metadata, long mostInside = MostInside)
    {
        List<ByteString> outside = graph.Initializer.Sum(tensor => (long)tensor.RawData.Length) > mostInside
            ? TakeOut(graph, Path.GetFileName(DataOf(path))) : [];
        ModelProto model = new()
        {
            IrVersion = IrVersion,
            ProducerName = typeof(OnnxModelFile).Assembly.GetName().Name,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = Opset } },
            Graph = graph,
            MetadataProps = { metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }) },
        };
        AtomicFile.Write(path, file =>
        {
            model.WriteTo(file);
            if (outside.Count > 0) AtomicFile.Write(DataOf(path), data => WriteWeights(outside, data));
        });
    }

    private static string DataOf(string path) => path + ".data";

    private static List<ByteString> TakeOut(GraphProto graph, string file)
    {
        List<ByteString> taken = [];
        long offset = 0;
        foreach (TensorProto tensor in graph.Initializer)
        {
            if (tensor.RawData.Length < LeastOutside) continue;
            ByteString bytes = tensor.RawData;
            tensor.ClearRawData();
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            foreach (var (key, value) in new[] { ("location", file), ("offset", $"{offset}"), ("length", $"{bytes.Length}") })
                tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
            taken.Add(bytes);
            offset += Padded(bytes.Length);
        }
        return taken;
    }

    private static void WriteWeights(List<ByteString> weights, Stream file)
    {
        byte[] zeros = new byte[Alignment];
        foreach (ByteString bytes in weights)
        {
            file.Write(bytes.Span);
            file.Write(zeros, 0, (int)(Padded(bytes.Length) - bytes.Length));
        }
    }

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;
}
