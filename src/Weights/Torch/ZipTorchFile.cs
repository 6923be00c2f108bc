using System.IO.Compression;
using System.Text;
using Vision.Weights.Pickle;

namespace Vision.Weights.Torch;

/// <summary>
/// The zip format, PyTorch 1.6 and later: NAME/data.pkl is the pickle, NAME/data/KEY a storage each, NAME/byteorder the byte order (absent
/// in files before 2.1, which are little-endian). Nothing is compressed, so a storage is copied from the file to its tensor only once.
/// </summary>
internal sealed class ZipTorchFile : TorchFile
{
    private readonly ZipArchive archive;
    private readonly string folder;
    private readonly Dictionary<string, ZipArchiveEntry> entries = [];

    public override object? Root { get; }

    public override bool BigEndian { get; }

    public ZipTorchFile(FileStream file)
    {
        archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        foreach (ZipArchiveEntry entry in archive.Entries) entries[entry.FullName] = entry;

        folder = FindFolder(entries.Keys);
        using Stream pickle = OpenEntry("data.pkl");
        Root = Unpickler.Load(pickle, out var storages);

        if (entries.ContainsKey($"{folder}/byteorder")) BigEndian = ReadByteOrder() == "big";
        // Overlapping entries would let a small file fill any memory.
        if (storages.Values.Sum(storage => (decimal)storage.Bytes) > file.Length)
            throw new MalformedException(
                $"its tensors are larger than the file's {file.Length} bytes: it is truncated or manipulated; download it again");
    }

    public override Stream Open(StorageReference storage)
    {
        ZipArchiveEntry entry = FindEntry($"data/{storage.Key}");
        if (entry.Length != storage.Bytes)
            throw new MalformedException($"storage '{storage.Key}' has {entry.Length} bytes, but its tensors need {storage.Bytes}");
        return entry.Open();
    }

    public override void Dispose() => archive.Dispose();

    private static string FindFolder(IEnumerable<string> names)
    {
        string[] folders = [.. from name in names where name.Split('/') is [_, "data.pkl"] select name[..^"/data.pkl".Length]];
        if (folders is not [string folder])
            throw new MalformedException(
                "it is a zip file, but not one of torch.save: it has no data.pkl; " +
                "save the weights with torch.save(model.state_dict(), file)");
        if (names.Contains($"{folder}/constants.pkl"))
            throw new MalformedException(
                "it is a TorchScript program; save the weights alone with torch.save(torch.jit.load(file).state_dict(), other)");
        return folder;
    }

    private ZipArchiveEntry FindEntry(string name)
    {
        if (!entries.TryGetValue($"{folder}/{name}", out ZipArchiveEntry? entry))
            throw new MalformedException($"it has no entry '{name}', but its pickle refers to it: it is damaged; download it again");
        if (entry.CompressedLength != entry.Length)
            throw new MalformedException(
                $"its entry '{name}' is compressed, which torch.save does not do; load and save it once in Python");
        return entry;
    }

    /// <summary>A small entry, copied to memory, since the stream of an archive has no position.</summary>
    private MemoryStream OpenEntry(string name)
    {
        ZipArchiveEntry entry = FindEntry(name);
        MemoryStream content = new();
        using Stream stream = entry.Open();
        stream.CopyTo(content);
        content.Position = 0;
        return content;
    }

    private string ReadByteOrder()
    {
        using MemoryStream content = OpenEntry("byteorder");
        return Encoding.ASCII.GetString(content.ToArray());
    }
}
