using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Vision.Weights.Tests;

/// <summary>Files of torch.save made by hand, so that they may also be wrong.</summary>
internal static class TorchFiles
{
    /// <summary>A pickle by its bytes, one character each.</summary>
    public static byte[] Pickled(string latin1) => Encoding.Latin1.GetBytes(latin1);

    /// <summary>The zip format. Entries are not compressed.</summary>
    public static byte[] Zip(byte[] pickle, params (string Name, byte[] Content)[] entries)
    {
        using MemoryStream buffer = new();
        using (ZipArchive archive = new(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("archive/data.pkl", pickle);
            foreach (var (name, content) in entries) Add($"archive/{name}", content);

            void Add(string name, byte[] content)
            {
                using Stream entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }
        return buffer.ToArray();
    }

    /// <summary>The format before PyTorch 1.6.</summary>
    public static byte[] Legacy(byte[] pickle, params (string Key, float[] Values)[] storages)
    {
        using MemoryStream buffer = new();
        buffer.Write(Pickled("\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019."));
        buffer.Write(Pickled("\u0080\u0002M\u00e9\u0003."));
        buffer.Write(Pickled("\u0080\u0002}."));
        buffer.Write(pickle);
        buffer.Write(Pickled("\u0080\u0002](" + string.Concat(storages.Select(storage => Text(storage.Key))) + "e."));
        Span<byte> count = stackalloc byte[8];
        foreach (var (_, values) in storages)
        {
            BinaryPrimitives.WriteInt64LittleEndian(count, values.Length);
            buffer.Write(count);
            buffer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        }
        return buffer.ToArray();
    }

    /// <summary>A state dict of float tensors [n] and its storages, in the zip format.</summary>
    public static byte[] ZipOf(params (string Name, float[] Values)[] tensors) =>
        Zip(StateDict(tensors), [.. tensors.Select((tensor, i) => ($"data/{i}", MemoryMarshal.AsBytes(tensor.Values.AsSpan()).ToArray()))]);

    /// <summary>The same in the format before PyTorch 1.6.</summary>
    public static byte[] LegacyOf(params (string Name, float[] Values)[] tensors) =>
        Legacy(StateDict(tensors), [.. tensors.Select((tensor, i) => ($"{i}", tensor.Values))]);

    /// <summary>The pickle of one tensor, whose numbers may disagree.</summary>
    public static string Tensor(string key, long count, long offset, long[] size, long[] stride) =>
        $"ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\n{Text(key)}{Text("cpu")}I{count}\ntQ"
        + $"I{offset}\n{Tuple(size)}{Tuple(stride)}\u0089}}tR";

    /// <summary>The pickle of a short string.</summary>
    public static string Text(string value) => $"X{(char)value.Length}\0\0\0{value}";

    private static byte[] StateDict((string Name, float[] Values)[] tensors)
    {
        StringBuilder pickle = new("\u0080\u0002}(");
        for (int i = 0; i < tensors.Length; i++)
        {
            long count = tensors[i].Values.Length;
            pickle.Append(Text(tensors[i].Name)).Append(Tensor($"{i}", count, 0, [count], [1]));
        }
        return Pickled(pickle.Append("u.").ToString());
    }

    private static string Tuple(long[] values) => "(" + string.Concat(values.Select(value => $"I{value}\n")) + "t";
}
