using System.Buffers.Binary;
using System.Numerics;
using Vision.Weights.Pickle;

namespace Vision.Weights.Torch;

/// <summary>
/// The format before PyTorch 1.6: five consecutive pickles – a magic number, the protocol version, facts about the
/// machine, the object, the keys of its storages –, then each storage in the order of the keys, preceded by an 8-byte
/// count of elements. Always little-endian, on any machine.
/// </summary>
internal sealed class LegacyTorchFile : TorchFile
{
    private const long ProtocolVersion = 1001;
    private static readonly BigInteger magic = BigInteger.Parse("119547037146038801333356");

    private readonly FileStream file;
    private readonly Dictionary<string, long> positions = [];

    public override object? Root { get; }

    public override bool BigEndian => false;

    public LegacyTorchFile(FileStream file)
    {
        this.file = file;
        if (!magic.Equals(Unpickler.Load(file)))
            throw new MalformedException(
                "it is a pickle, but not one of torch.save; save the weights with torch.save(model.state_dict(), file)");
        if (Unpickler.Load(file) is not ProtocolVersion)
            throw new MalformedException(
                $"it has a version of PyTorch's format other than {ProtocolVersion}; load and save it once in Python");
        Unpickler.Load(file);      // sizes of C types, which are not needed
        Root = Unpickler.Load(file, out var storages);
        FindStorages(Unpickler.Load(file), storages);
    }

    public override Stream Open(StorageReference storage)
    {
        file.Position = positions.TryGetValue(storage.Key, out long position)
            ? position
            : throw new MalformedException(
                $"it does not contain storage '{storage.Key}', but its pickle refers to it: it is damaged; download it again");
        return file;
    }

    private void FindStorages(object? keys, IReadOnlyDictionary<string, StorageReference> storages)
    {
        if (keys is not List<object?> list) throw new MalformedException("the list of its storages is damaged; download it again");
        Span<byte> count = stackalloc byte[8];
        foreach (object? key in list)
        {
            if (key is not string name || !storages.TryGetValue(name, out StorageReference? storage) || positions.ContainsKey(name))
                throw new MalformedException("the list of its storages is damaged; download it again");
            file.ReadExactly(count);
            if (BinaryPrimitives.ReadInt64LittleEndian(count) != storage.Count)
                throw new MalformedException($"storage '{name}' does not have the length of its tensors: it is damaged; download it again");
            if (storage.Bytes > file.Length - file.Position) throw new EndOfStreamException();
            positions[name] = file.Position;
            file.Position += storage.Bytes;
        }
    }
}
