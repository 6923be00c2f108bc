namespace Vision.Weights.Pickle;

/// <summary>A tensor as a pickle describes it: a strided view of a storage, verified to be inside it.</summary>
internal sealed record PickledTensor
{
    private const int MaxDimensions = 64;

    public StorageReference Storage { get; }

    /// <summary>The first element, relative to the start of the whole storage.</summary>
    public long Offset { get; }

    public long[] Size { get; }

    public long[] Stride { get; }

    public PickledTensor(StorageReference storage, long offset, long[] size, long[] stride)
    {
        (Storage, Offset, Size, Stride) = (storage, storage.ViewOffset + offset, size, stride);
        if (size.Length != stride.Length || size.Length > MaxDimensions || offset < 0 || size.Any(n => n < 0) || stride.Any(n => n < 0))
            throw new MalformedException($"the tensor on storage '{storage.Key}' has an impossible shape");
        if (!Fits())
            throw new MalformedException($"the tensor on storage '{storage.Key}' reaches outside of its {storage.ViewCount} elements");
    }

    private bool Fits()
    {
        bool empty = Size.Contains(0);
        UInt128 last = (UInt128)(Offset - Storage.ViewOffset);
        UInt128 elements = 1;
        for (int d = 0; d < Size.Length; d++)
        {
            if (Size[d] == 0) continue;
            if (!empty) last += (UInt128)(Size[d] - 1) * (UInt128)Stride[d];
            elements *= (UInt128)Size[d];
            // Stopping at once keeps both from overflowing.
            if (elements > long.MaxValue || (!empty && last >= (UInt128)Storage.ViewCount)) return false;
        }
        return empty || last < (UInt128)Storage.ViewCount;
    }
}
