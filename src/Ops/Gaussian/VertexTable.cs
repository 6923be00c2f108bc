using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vision.Ops.Gaussian;

/// <summary>
/// Numbers lattice vertices by their coordinates, from 0 in insertion order: a hash table with open addressing.
/// </summary>
internal sealed unsafe class VertexTable
{
    /// <summary>The number of a vertex that was never inserted.</summary>
    public const int None = -1;

    private const int FirstSlots = 1 << 12;

    private readonly int dimensions;
    // A power of two; at most half are used. Pinned, so that pointers to them stay valid.
    private Slot[] slots;
    private int[] coordinates;

    /// <summary>An empty table.</summary>
    /// <param name="dimensions">Number of coordinates of a vertex.</param>
    public VertexTable(int dimensions)
    {
        this.dimensions = dimensions;
        slots = EmptySlots(FirstSlots);
        coordinates = GC.AllocateUninitializedArray<int>(FirstSlots / 2 * dimensions, pinned: true);
    }

    /// <summary>Number of inserted vertices.</summary>
    public int Count { get; private set; }

    /// <summary>The coordinates of a vertex; valid until the next insertion.</summary>
    public int* this[int number] => First(coordinates) + (nint)number * dimensions;

    /// <summary>The number of a vertex, or <see cref="None"/>.</summary>
    public int Find(int* vertex) => SlotOf(vertex, Hash(vertex))->Number;

    /// <summary>The number of a vertex, which is inserted if it is new.</summary>
    public int Insert(int* vertex)
    {
        ulong hash = Hash(vertex);
        Slot* slot = SlotOf(vertex, hash);
        if (slot->Number != None) return slot->Number;
        if (Count * 2 == slots.Length)
        {
            Grow();
            slot = SlotOf(vertex, hash);
        }
        int* kept = this[Count];
        for (int i = 0; i < dimensions; i++) kept[i] = vertex[i];
        *slot = new(Tag(hash), Count);
        return Count++;
    }

    // The vertex's own slot, or the empty one where it belongs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Slot* SlotOf(int* vertex, ulong hash)
    {
        Slot* first = First(slots);
        nint mask = slots.Length - 1, index = (nint)hash & mask;
        uint tag = Tag(hash);
        while (first[index].Number != None && !(first[index].Tag == tag && AreEqual(vertex, this[first[index].Number])))
            index = (index + 1) & mask;
        return first + index;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Hash(int* vertex)
    {
        ulong hash = 0;
        for (int i = 0; i < dimensions; i++) hash = (hash + (uint)vertex[i]) * 0x9E3779B97F4A7C15u;
        return hash ^ hash >> 32;
    }

    private static uint Tag(ulong hash) => (uint)(hash >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool AreEqual(int* one, int* other)
    {
        for (int i = 0; i < dimensions; i++)
        {
            if (one[i] != other[i]) return false;
        }
        return true;
    }

    private void Grow()
    {
        int[] more = GC.AllocateUninitializedArray<int>(checked(slots.Length * dimensions), pinned: true);
        coordinates.AsSpan(0, Count * dimensions).CopyTo(more);
        coordinates = more;
        slots = EmptySlots(checked(slots.Length * 2));
        for (int number = 0; number < Count; number++)
        {
            ulong hash = Hash(this[number]);
            *SlotOf(this[number], hash) = new(Tag(hash), number);
        }
    }

    private static Slot[] EmptySlots(int count)
    {
        Slot[] slots = GC.AllocateUninitializedArray<Slot>(count, pinned: true);
        Array.Fill(slots, new(0, None));
        return slots;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* First<T>(T[] pinned) where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));

    // The tag, half of the hash, avoids most comparisons with the coordinates of other vertices.
    private readonly record struct Slot(uint Tag, int Number);
}
