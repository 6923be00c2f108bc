using OpenCvSharp;

namespace Vision.Interop.Tests.OpenCv;

public class MatTests
{
    [Fact]
    public void NewMatHasItsSizeAndType()
    {
        using Mat mat = new(3, 5, MatType.CV_32FC2);

        Assert.Equal((3, 5, 3, 5), (mat.Rows, mat.Cols, mat.Height, mat.Width));
        Assert.Equal(MatType.CV_32FC2, mat.Type());
        Assert.Equal((MatType.CV_32F, 2, 8, 4), (mat.Depth(), mat.Channels(), mat.ElemSize(), mat.ElemSize1()));
        Assert.Equal((15, 40, 2), (mat.Total(), mat.Step(), mat.Dims));
        Assert.Equal(new Size(5, 3), mat.Size());
        Assert.True(mat.IsContinuous());
        Assert.False(mat.Empty());
    }

    [Fact]
    public void EveryConstructorGivesThePixelsAskedFor()
    {
        Scalar colour = new(1, 2, 3);
        using Mat filled = new(2, 3, MatType.CV_8UC3, colour), sized = new(new Size(3, 2), MatType.CV_8UC3, colour), empty = new();
        using Mat unfilled = new(new Size(3, 2), MatType.CV_8UC3);

        Assert.Equal(Enumerable.Repeat(new Vec3b(1, 2, 3), 6), Elements<Vec3b>(filled));
        Assert.Equal(Elements<Vec3b>(filled), Elements<Vec3b>(sized));
        Assert.Equal((2, 3), (unfilled.Rows, unfilled.Cols));
        Assert.True(empty.Empty());
    }

    [Fact]
    public void MatOnAnArraySharesItsMemory()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6];
        using Mat mat = Mat.FromPixelData(2, 3, MatType.CV_8UC1, pixels);

        mat.Set<byte>(1, 2, 60);
        pixels[0] = 10;

        Assert.Equal([10, 2, 3, 4, 5, 60], Elements<byte>(mat));
        Assert.Equal(60, pixels[5]);
    }

    [Fact]
    public void MatOnMemoryHonoursTheStep()
    {
        byte[] padded = [1, 2, 0, 0, 3, 4, 0, 0];
        using Mat mat = Mat.FromPixelData(2, 2, MatType.CV_8UC1, padded, 4);

        Assert.False(mat.IsContinuous());
        Assert.True(mat.AsSpan<byte>().IsEmpty);
        Assert.Equal([1, 2, 3, 4], Elements<byte>(mat));
    }

    [Fact]
    public void PartIsAViewAndItsCloneIsNot()
    {
        using Mat whole = new(4, 4, MatType.CV_8UC1, new Scalar(0));
        using Mat part = whole[new Rect(1, 2, 2, 1)], copy = part.Clone();

        part.SetTo(new Scalar(9));
        copy.SetTo(new Scalar(5));

        Assert.True(part.IsSubmatrix());
        Assert.False(copy.IsSubmatrix());
        Assert.Equal([9, 9], new[] { whole.Get<byte>(2, 1), whole.Get<byte>(2, 2) });
        Assert.Equal(18, Cv2.Sum(whole).Val0);
    }

    [Fact]
    public void PartOutlivesTheWhole()
    {
        Mat whole = new(2, 2, MatType.CV_8UC1, new Scalar(7));
        using Mat part = whole.RowRange(1, 2);

        whole.Dispose();

        Assert.Equal([7, 7], Elements<byte>(part));
    }

    [Fact]
    public void IndexerCopiesIntoAPartOfTheSameSizeOnly()
    {
        using Mat whole = new(3, 3, MatType.CV_8UC1, new Scalar(0)), patch = new(2, 2, MatType.CV_8UC1, new Scalar(4));

        whole[new Rect(1, 1, 2, 2)] = patch;

        Assert.Equal([0, 0, 0, 0, 4, 4, 0, 4, 4], Elements<byte>(whole));
        Assert.Throws<ArgumentException>(() => whole[new Rect(0, 0, 3, 2)] = patch);
    }

    [Fact]
    public void PartOutsideThrowsOpenCvsError()
    {
        using Mat mat = new(3, 3, MatType.CV_8UC1);
        OpenCVException error = Assert.Throws<OpenCVException>(() => mat.SubMat(new Rect(2, 2, 2, 2)));
        Assert.Contains("roi.x + roi.width <= m.cols", error.Message);
    }

    [Fact]
    public void ElementsAreReadAndWrittenByRowAndColumn()
    {
        using Mat mat = new(2, 3, MatType.CV_32FC1, new Scalar(0));

        mat.Set(1, 2, 2.5f);
        mat.At<float>(0, 1) += 1.5f;

        Assert.Equal([0, 1.5f, 0, 0, 0, 2.5f], Elements<float>(mat));
        Assert.Equal(2.5f, mat.Get<float>(1, 2));
        Assert.Equal([0, 1.5f, 0, 0, 0, 2.5f], mat.AsSpan<float>().ToArray());
    }

    [Theory]
    [InlineData(2, 0), InlineData(0, 3), InlineData(-1, 0), InlineData(0, -1)]
    public void ElementOutsideThrows(int row, int column)
    {
        using Mat mat = new(2, 3, MatType.CV_8UC1);
        Assert.Throws<ArgumentOutOfRangeException>(() => mat.Get<byte>(row, column));
    }

    [Fact]
    public void ArraysGoInAndOutOfAPart()
    {
        using Mat whole = new(3, 4, MatType.CV_8UC1, new Scalar(0)), part = whole[new Rect(1, 1, 2, 2)];

        part.SetArray<byte>(1, 2, 3, 4);

        Assert.Equal([1, 2, 3, 4], Elements<byte>(part));
        Assert.Equal([0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0], Elements<byte>(whole));
        Assert.Throws<OpenCvSharpException>(() => part.SetArray<byte>(1, 2, 3));
        Assert.Throws<OpenCvSharpException>(() => part.GetArray<int>(out _));
    }

    [Fact]
    public void ConvertToScalesRoundsAndSaturates()
    {
        using Mat values = Mat.FromPixelData(1, 4, MatType.CV_32FC1, new[] { -1f, 0.5f, 0.25f, 2f }), bytes = new();

        values.ConvertTo(bytes, MatType.CV_8UC1, 255);

        Assert.Equal([0, 128, 64, 255], Elements<byte>(bytes));
    }

    [Fact]
    public void MaskLimitsCopyAndSet()
    {
        using Mat mask = Mat.FromPixelData(1, 3, MatType.CV_8UC1, new byte[] { 0, 1, 255 });
        using Mat source = new(1, 3, MatType.CV_8UC1, new Scalar(8)), target = new(1, 3, MatType.CV_8UC1, new Scalar(1));

        source.CopyTo(target, mask);
        source.SetTo(new Scalar(3), mask);

        Assert.Equal([1, 8, 8], Elements<byte>(target));
        Assert.Equal([8, 3, 3], Elements<byte>(source));
    }

    [Fact]
    public void DisposedMatSaysSo()
    {
        Mat mat = new(2, 2, MatType.CV_8UC1);
        mat.Dispose();
        mat.Dispose();

        Assert.True(mat.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => mat.Rows);
        using Mat result = new();
        Assert.Throws<ObjectDisposedException>(() => Cv2.Flip(mat, result, FlipMode.X));
        Assert.Throws<ObjectDisposedException>(() => Cv2.Flip(result, mat, FlipMode.X));
    }

    [Theory]
    [InlineData(16, "CV_8UC3", 3), InlineData(5, "CV_32FC1", 1), InlineData(46, "CV_64FC(6)", 6)]
    public void TypeIsOpenCvsNumber(int number, string name, int channels)
    {
        MatType type = number;
        Assert.Equal((name, channels), (type.ToString(), type.Channels));
        Assert.Equal(type, MatType.MakeType(type.Depth, channels));
    }

    internal static T[] Elements<T>(Mat mat) where T : unmanaged
    {
        Assert.True(mat.GetArray(out T[] elements));
        return elements;
    }
}
