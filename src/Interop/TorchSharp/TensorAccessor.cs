using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>The elements of a CPU tensor as C# values; strided tensors are walked in index order. Keeps its tensor alive while it is used.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly Tensor tensor;
    private readonly T* start;
    private readonly bool contiguous;

    internal TensorAccessor(Tensor tensor)
    {
        this.tensor = tensor;
        Count = tensor.numel();
        start = (T*)(Count == 0 ? 0 : Libtorch.Checked(Libtorch.vt_tensor_data(tensor.Handle)));
        contiguous = tensor.is_contiguous();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get => start[OffsetOf(indices)];
        set => start[OffsetOf(indices)] = value;
    }

    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result);
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        int count = checked((int)(Count - tensorIndex));
        Span<T> to = array.Slice(arrayIndex, count);
        if (contiguous)
        {
            new ReadOnlySpan<T>(start + tensorIndex, count).CopyTo(to);
        }
        else
        {
            Tensor packed = tensor.contiguous();
            using var source = new TensorAccessor<T>(packed);
            source.CopyTo(to, 0, tensorIndex);
            packed.Dispose();
        }
        GC.KeepAlive(tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        if (!contiguous) throw new InvalidOperationException("CopyFrom needs a contiguous tensor.");
        ReadOnlySpan<T> from = array[arrayIndex..];
        if (from.Length > Count - tensorIndex)
            throw new ArgumentException($"{from.Length} values do not fit into the {Count - tensorIndex} elements after index {tensorIndex}.");
        from.CopyTo(new Span<T>(start + tensorIndex, from.Length));
        GC.KeepAlive(tensor);
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Holds nothing of its own.</summary>
    public void Dispose() { }

    private long OffsetOf(long[] indices)
    {
        long[] shape = tensor.shape;
        long[] strides = tensor.stride();
        if (indices.Length == 1 && shape.Length == 0 && indices[0] == 0) return 0;
        if (indices.Length != shape.Length) throw new ArgumentException($"{indices.Length} indices for a tensor of {shape.Length} dimensions.");
        long offset = 0;
        for (int i = 0; i < indices.Length; i++)
        {
            if ((ulong)indices[i] >= (ulong)shape[i]) throw new IndexOutOfRangeException($"Index {indices[i]} in dimension {i}, which has {shape[i]} elements.");
            offset += indices[i] * strides[i];
        }
        return offset;
    }
}
