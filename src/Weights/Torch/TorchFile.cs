using Vision.Weights.Pickle;

namespace Vision.Weights.Torch;

/// <summary>An open file of torch.save: the content of its pickle, and the storages that the
/// pickle refers to, which are read on demand.</summary>
internal abstract class TorchFile : IDisposable
{
    /// <summary>The pickled object, as <see cref="Unpickler"/> builds it.</summary>
    public abstract object? Root { get; }

    /// <summary>Whether the storages are big-endian.</summary>
    public abstract bool BigEndian { get; }

    /// <summary>The content of a storage: the stream is positioned at its first byte.</summary>
    /// <exception cref="MalformedException">The file does not contain the whole storage.</exception>
    public abstract Stream Open(StorageReference storage);

    /// <inheritdoc/>
    public virtual void Dispose() { }
}
