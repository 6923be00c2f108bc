using Vision.Weights.Pickle;

namespace Vision.Weights.Torch;

/// <summary>An open file of torch.save: what its pickle says, and the storages that the
/// pickle refers to, read only when asked for.</summary>
internal abstract class TorchFile : IDisposable
{
    /// <summary>The pickled object, as <see cref="Unpickler"/> builds it.</summary>
    public abstract object? Root { get; }

    /// <summary>True where the storages' numbers have their highest byte first.</summary>
    public abstract bool BigEndian { get; }

    /// <summary>The content of a storage: the stream stands at its first byte.</summary>
    /// <exception cref="MalformedException">The file does not hold it whole.</exception>
    public abstract Stream Open(StorageReference storage);

    /// <inheritdoc/>
    public virtual void Dispose() { }
}
