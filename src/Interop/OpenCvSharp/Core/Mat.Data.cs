using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenCvSharp.Internal;
using static OpenCvSharp.Internal.Native;

namespace OpenCvSharp;

public partial class Mat
{
    /// <summary>A matrix on memory that the caller owns and keeps alive.</summary>
    public static Mat FromPixelData(int rows, int cols, MatType type, IntPtr data, long step = 0)
    {
        Check(MatNewOver(rows, cols, type.Value, data, step, out MatHandle handle));
        return new Mat(handle);
    }

    /// <summary>A matrix on the elements of an array, which stays pinned until the matrix is disposed of.</summary>
    public static Mat FromPixelData(int rows, int cols, MatType type, Array data, long step = 0)
    {
        GCHandle pinned = GCHandle.Alloc(data, GCHandleType.Pinned);
        try
        {
            Check(MatNewOver(rows, cols, type.Value, pinned.AddrOfPinnedObject(), step, out MatHandle handle));
            handle.Own(pinned);
            return new Mat(handle);
        }
        catch
        {
            pinned.Free();
            throw;
        }
    }

    public static Mat ImDecode(byte[] imageBytes, ImreadModes mode = ImreadModes.Color) => Cv2.ImDecode(imageBytes, mode);

    /// <summary>All elements of a continuous matrix; none of another.</summary>
    public unsafe Span<T> AsSpan<T>() where T : unmanaged =>
        IsContinuous() ? new Span<T>(DataPointer, checked((int)(Total() * ElemSize() / sizeof(T)))) : [];

    public IntPtr Ptr(int i0) => Address(i0, 0);

    public IntPtr Ptr(int i0, int i1) => Address(i0, i1);

    public unsafe T Get<T>(int i0, int i1) where T : struct => Unsafe.Read<T>((void*)Address(i0, i1));

    public unsafe void Set<T>(int i0, int i1, T value) where T : struct => Unsafe.Write((void*)Address(i0, i1), value);

    public unsafe ref T At<T>(int i0, int i1) where T : unmanaged => ref *(T*)Address(i0, i1);

    /// <summary>Copies the elements out, row by row.</summary>
    public unsafe bool GetArray<T>(out T[] data) where T : unmanaged
    {
        CheckElement<T>();
        data = new T[Total()];
        int columns = Cols;
        for (int row = 0; row < Rows; row++)
            new ReadOnlySpan<T>((void*)Address(row, 0), columns).CopyTo(data.AsSpan(row * columns));
        return true;
    }

    /// <summary>Copies elements in, row by row.</summary>
    public unsafe bool SetArray<T>(params T[] data) where T : unmanaged
    {
        CheckElement<T>();
        if (data.Length != Total()) throw new OpenCvSharpException($"{this} has {Total()} elements; {data.Length} were given.");
        int columns = Cols;
        for (int row = 0; row < Rows; row++)
            data.AsSpan(row * columns, columns).CopyTo(new Span<T>((void*)Address(row, 0), columns));
        return true;
    }

    private IntPtr Address(int row, int column)
    {
        MatInfo info = Info;
        if ((uint)row >= (uint)info.Rows || (uint)column >= (uint)info.Columns)
            throw new ArgumentOutOfRangeException($"Row {row}, column {column} is outside {this}.", innerException: null);
        return info.Data + (nint)(row * info.Step + column * ElemSize());
    }

    private void CheckElement<T>() where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() != ElemSize())
            throw new OpenCvSharpException($"An element of {this} has {ElemSize()} bytes, a {typeof(T).Name} {Unsafe.SizeOf<T>()}.");
    }
}
