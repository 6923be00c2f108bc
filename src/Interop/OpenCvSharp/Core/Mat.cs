using OpenCvSharp.Internal;
using static OpenCvSharp.Internal.Native;

namespace OpenCvSharp;

public partial class Mat : IDisposable
{
    internal MatHandle Handle { get; }

    public Mat()
    {
        Check(MatNew(out MatHandle handle));
        Handle = handle;
    }

    public Mat(string fileName, ImreadModes flags = ImreadModes.Color)
        : this()
    {
        Check(ImRead(fileName, (int)flags, this));
    }

    public Mat(int rows, int cols, MatType type)
    {
        Check(MatNewSized(rows, cols, type.Value, out MatHandle handle));
        Handle = Reported(handle);
    }

    public Mat(Size size, MatType type)
        : this(size.Height, size.Width, type)
    {
    }

    public Mat(int rows, int cols, MatType type, Scalar s)
    {
        Check(MatNewFilled(rows, cols, type.Value, s, out MatHandle handle));
        Handle = Reported(handle);
    }

    public Mat(Size size, MatType type, Scalar s)
        : this(size.Height, size.Width, type, s)
    {
    }

    /// <summary>A part of another matrix, on the same memory.</summary>
    public Mat(Mat m, Rect roi)
    {
        Check(MatNewPart(m.Handle, roi.X, roi.Y, roi.Width, roi.Height, out MatHandle handle));
        Handle = handle;
    }

    private Mat(MatHandle handle) => Handle = handle;

    public bool IsDisposed => Handle.IsClosed;

    public int Rows => Info.Rows;

    public int Cols => Info.Columns;

    public int Height => Rows;

    public int Width => Cols;

    public int Dims => Info.Dimensions;

    public IntPtr Data => Info.Data;

    public unsafe byte* DataPointer => (byte*)Info.Data;

    private MatInfo Info
    {
        get
        {
            MatGetInfo(Handle, out MatInfo info);
            return info;
        }
    }

    public MatType Type() => new(Info.Type);

    public int Depth() => Type().Depth;

    public int Channels() => Type().Channels;

    public Size Size()
    {
        MatInfo info = Info;
        return new Size(info.Columns, info.Rows);
    }

    /// <summary>Bytes from one row to the next.</summary>
    public long Step() => Info.Step;

    public long Total()
    {
        MatInfo info = Info;
        return (long)info.Rows * info.Columns;
    }

    public int ElemSize() => ElemSize1() * Channels();

    public int ElemSize1() => Depth() switch
    {
        MatType.CV_8U or MatType.CV_8S => 1,
        MatType.CV_32S or MatType.CV_32F => 4,
        MatType.CV_64F => 8,
        _ => 2,
    };

    public bool Empty()
    {
        MatInfo info = Info;
        return info.Data == IntPtr.Zero || info.Rows == 0 || info.Columns == 0;
    }

    public bool IsContinuous() => MatIsContinuous(Handle) != 0;

    public bool IsSubmatrix() => MatIsSubmatrix(Handle) != 0;

    public Mat SubMat(Rect roi) => new(this, roi);

    public Mat SubMat(int rowStart, int rowEnd, int colStart, int colEnd) =>
        new(this, Rect.FromLTRB(colStart, rowStart, colEnd, rowEnd));

    public Mat RowRange(int startRow, int endRow) => SubMat(startRow, endRow, 0, Cols);

    public Mat ColRange(int startCol, int endCol) => SubMat(0, Rows, startCol, endCol);

    public Mat this[Rect roi]
    {
        get => SubMat(roi);
        set
        {
            if (value.Size() != roi.Size) throw new ArgumentException($"A part of {roi.Size} cannot take a matrix of {value.Size()}.");
            using Mat part = SubMat(roi);
            value.CopyTo(part);
        }
    }

    public Mat Clone()
    {
        Mat copy = new();
        CopyTo(copy);
        return copy;
    }

    public void CopyTo(OutputArray m, InputArray? mask = null) => Check(MatCopyTo(Handle, m, mask));

    public void CopyTo(Mat m, InputArray? mask = null) => Check(MatCopyTo(Handle, m, mask));

    public void ConvertTo(OutputArray m, MatType rtype, double alpha = 1, double beta = 0) =>
        Check(MatConvertTo(Handle, m, rtype.Value, alpha, beta));

    public Mat SetTo(Scalar value, Mat? mask = null)
    {
        Check(MatSetTo(this, value, mask is null ? null : InputArray.Create(mask)));
        return this;
    }

    public void Create(int rows, int cols, MatType type) => Check(MatCreate(this, rows, cols, type.Value));

    public void Create(Size size, MatType type) => Create(size.Height, size.Width, type);

    public void Release() => Dispose();

    /// <summary>Frees the native matrix at once; the finalizer of its handle does it otherwise.</summary>
    public void Dispose()
    {
        Handle.Dispose();
        GC.SuppressFinalize(this);
    }

    public override string ToString() =>
        IsDisposed ? "Mat [disposed]" : $"Mat [{Rows}*{Cols}*{Type()}, IsContinuous={IsContinuous()}, IsSubmatrix={IsSubmatrix()}]";

    private static MatHandle Reported(MatHandle handle)
    {
        handle.ReportSize();
        return handle;
    }
}
