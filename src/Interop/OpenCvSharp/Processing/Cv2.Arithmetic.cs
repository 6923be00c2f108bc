using OpenCvSharp.Internal;
using static OpenCvSharp.Internal.Native;

namespace OpenCvSharp;

public static partial class Cv2
{
    public static void Add(InputArray src1, InputArray src2, OutputArray dst, InputArray? mask = null, int dtype = -1) =>
        Check(Native.Add(src1, src2, dst, mask, dtype));

    public static void Subtract(InputArray src1, InputArray src2, OutputArray dst, InputArray? mask = null, int dtype = -1) =>
        Check(Native.Subtract(src1, src2, dst, mask, dtype));

    public static void Multiply(InputArray src1, InputArray src2, OutputArray dst, double scale = 1, int dtype = -1) =>
        Check(Native.Multiply(src1, src2, dst, scale, dtype));

    public static void Absdiff(InputArray src1, InputArray src2, OutputArray dst) => Check(Native.Absdiff(src1, src2, dst));

    public static void AddWeighted(
        InputArray src1, double alpha, InputArray src2, double beta, double gamma, OutputArray dst, int dtype = -1) =>
        Check(Native.AddWeighted(src1, alpha, src2, beta, gamma, dst, dtype));

    public static void ConvertScaleAbs(InputArray src, OutputArray dst, double alpha = 1, double beta = 0) =>
        Check(Native.ConvertScaleAbs(src, dst, alpha, beta));

    public static void LUT(InputArray src, InputArray lut, OutputArray dst) => Check(Lut(src, lut, dst));

    public static void LUT(InputArray src, byte[] lut, OutputArray dst)
    {
        if (lut.Length != 256) throw new ArgumentException($"A look-up table has 256 entries, not {lut.Length}.", nameof(lut));
        using Mat table = Mat.FromPixelData(256, 1, MatType.CV_8UC1, lut);
        LUT(src, table, dst);
    }

    public static Scalar Mean(InputArray src, InputArray? mask = null)
    {
        Check(Native.Mean(src, mask, out Scalar mean));
        return mean;
    }

    public static Scalar Sum(InputArray src)
    {
        Check(Native.Sum(src, out Scalar sum));
        return sum;
    }

    public static int CountNonZero(InputArray mtx)
    {
        Check(Native.CountNonZero(mtx, out int count));
        return count;
    }

    public static void MinMaxLoc(InputArray src, out double minVal, out double maxVal) =>
        MinMaxLoc(src, out minVal, out maxVal, out _, out _);

    public static void MinMaxLoc(
        InputArray src, out double minVal, out double maxVal, out Point minLoc, out Point maxLoc, InputArray? mask = null) =>
        Check(Native.MinMaxLoc(src, out minVal, out maxVal, out minLoc, out maxLoc, mask));

    public static Mat[] Split(Mat src)
    {
        Mat[] planes = [.. Enumerable.Range(0, src.Channels()).Select(_ => new Mat())];
        Check(Native.Split(src.Handle, Pointers(planes)));
        foreach (Mat plane in planes) plane.Handle.ReportSize();
        return planes;
    }

    public static void Merge(Mat[] mv, Mat dst)
    {
        Check(Native.Merge(Pointers(mv), mv.Length, dst));
        GC.KeepAlive(mv);
    }

    private static IntPtr[] Pointers(Mat[] matrices)
    {
        foreach (Mat matrix in matrices) ObjectDisposedException.ThrowIf(matrix.IsDisposed, matrix);
        return [.. matrices.Select(matrix => matrix.Handle.DangerousGetHandle())];
    }
}
