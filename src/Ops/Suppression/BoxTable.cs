using System.Numerics;

namespace Vision.Ops.Suppression;

/// <summary>Boxes as arrays of coordinates, for vectorization, with their suppression state.</summary>
internal sealed unsafe class BoxTable<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly NativeList<T> memory = new();

    /// <summary>Allocates boxes, all zeros.</summary>
    public BoxTable(long count)
    {
        Left = memory.Extend(6 * count);
        Top = Left + count;
        Right = Top + count;
        Bottom = Right + count;
        Area = Bottom + count;
        Suppressed = Area + count;
    }

    public T* Left { get; }
    public T* Top { get; }
    public T* Right { get; }
    public T* Bottom { get; }
    public T* Area { get; }

    /// <summary>Masks: all bits set for a suppressed box, none for a kept one.</summary>
    public T* Suppressed { get; }

    /// <summary>Stores a box, xyxy, at an index.</summary>
    public void Set(long place, T* box)
    {
        (Left[place], Top[place], Right[place], Bottom[place]) = (box[0], box[1], box[2], box[3]);
        Area[place] = (box[2] - box[0]) * (box[3] - box[1]);
    }

    /// <summary>Whether the box at an index is kept.</summary>
    public bool Stays(long place) => *(int*)(Suppressed + place) == 0;

    public void Dispose() => memory.Dispose();
}
