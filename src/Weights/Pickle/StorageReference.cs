using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Weights.Pickle;

/// <summary>A pickle's reference to the flat memory behind one or more tensors, whose content is outside the pickle.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Dtype">The type of its elements.</param>
/// <param name="Count">Number of elements.</param>
/// <param name="ViewOffset">First element of the referenced part; files of PyTorch 0.x share storages by such views.</param>
/// <param name="ViewCount">Number of elements of the part.</param>
internal sealed record StorageReference(string Key, ScalarType Dtype, long Count, long ViewOffset, long ViewCount)
{
    /// <summary>Its size in the file.</summary>
    public long Bytes => Count * Dtype.ElementSize();

    /// <summary>Parses torch.save's persistent id: ('storage', type, key, device, count[, (view key, offset, view count)]).</summary>
    public static StorageReference Parse(object? id)
    {
        if (id is not object?[] { Length: 5 or 6 } parts
            || parts is not ["storage", ScalarType dtype, string key, _, long count, ..]
            || count < 0 || count > long.MaxValue / 16)
            throw new MalformedException("its pickle refers to data in a way that torch.save does not");
        if (parts is [.., object?[] view])
        {
            if (view is not [_, long offset, long viewCount] || offset < 0 || viewCount < 0 || offset > count - viewCount)
                throw new MalformedException($"the view of storage '{key}' lies outside of it");
            return new(key, dtype, count, offset, viewCount);
        }
        return new(key, dtype, count, 0, count);
    }
}
