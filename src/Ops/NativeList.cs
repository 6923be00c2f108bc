using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vision.Ops;

/// <summary>
/// A growable list in native memory, aligned to cache lines:
/// kernels read it by pointer, and the garbage collector does not track it.
/// </summary>
internal sealed unsafe class NativeList<T> : IDisposable where T : unmanaged
{
    private const nuint Alignment = 64;

    private long capacity;

    /// <summary>The first item. It moves when the list grows.</summary>
    public T* Items { get; private set; }

    /// <summary>Number of items.</summary>
    public long Count { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T item)
    {
        if (Count == capacity) Grow(Count + 1);
        Items[Count++] = item;
    }

    /// <summary>Adds items whose bits are zero.</summary>
    /// <returns>The first new item.</returns>
    public T* Extend(long count)
    {
        if (Count + count > capacity) Grow(Count + count);
        T* added = Items + Count;
        NativeMemory.Clear(added, (nuint)count * (nuint)sizeof(T));
        Count += count;
        return added;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Items);
        Items = null;
        (Count, capacity) = (0, 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(long needed)
    {
        long larger = Math.Max(needed, 2 * capacity);
        Items = (T*)NativeMemory.AlignedRealloc(Items, checked((nuint)larger * (nuint)sizeof(T)), Alignment);
        capacity = larger;
    }
}
