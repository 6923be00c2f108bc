using OpenCvSharp;
using static Vision.Interop.Tests.OpenCv.MatTests;

namespace Vision.Interop.Tests.OpenCv;

public class ProcessingTests
{
    [Fact]
    public void ColourConversionSwapsAndGreys()
    {
        using Mat image = new(1, 1, MatType.CV_8UC3, new Scalar(10, 20, 30)), result = new();

        Cv2.CvtColor(image, result, ColorConversionCodes.BGR2RGB);
        Assert.Equal(new Vec3b(30, 20, 10), result.Get<Vec3b>(0, 0));

        Cv2.CvtColor(image, result, ColorConversionCodes.RGB2GRAY);
        Assert.Equal(18, result.Get<byte>(0, 0));

        Cv2.CvtColor(image, result, ColorConversionCodes.RGB2HSV);
        Assert.Equal(new Vec3b(105, 170, 30), result.Get<Vec3b>(0, 0));
    }

    [Fact]
    public void ResizeTakesASizeOrAFactor()
    {
        using Mat image = Row(0, 10, 20, 30), result = new();

        Cv2.Resize(image, result, new Size(2, 1), 0, 0, InterpolationFlags.Area);
        Assert.Equal([5, 25], Elements<byte>(result));

        Cv2.Resize(image, result, default, 2, 1, InterpolationFlags.Nearest);
        Assert.Equal([0, 0, 10, 10, 20, 20, 30, 30], Elements<byte>(result));
    }

    [Theory]
    [InlineData(FlipMode.X, new byte[] { 3, 4, 1, 2 })]
    [InlineData(FlipMode.Y, new byte[] { 2, 1, 4, 3 })]
    [InlineData(FlipMode.XY, new byte[] { 4, 3, 2, 1 })]
    public void FlipTurnsOverTheNamedAxis(FlipMode mode, byte[] expected)
    {
        using Mat image = Square(1, 2, 3, 4);
        Cv2.Flip(image, image, mode);
        Assert.Equal(expected, Elements<byte>(image));
    }

    [Theory]
    [InlineData(RotateFlags.Rotate90Clockwise, new byte[] { 3, 1, 4, 2 })]
    [InlineData(RotateFlags.Rotate180, new byte[] { 4, 3, 2, 1 })]
    [InlineData(RotateFlags.Rotate90Counterclockwise, new byte[] { 2, 4, 1, 3 })]
    public void RotateTurns(RotateFlags turn, byte[] expected)
    {
        using Mat image = Square(1, 2, 3, 4), result = new();
        Cv2.Rotate(image, result, turn);
        Assert.Equal(expected, Elements<byte>(result));
    }

    [Fact]
    public void BorderHasItsValue()
    {
        using Mat image = Row(1, 2), result = new();

        Cv2.CopyMakeBorder(image, result, 0, 1, 1, 0, BorderTypes.Constant, new Scalar(9));
        Assert.Equal([9, 1, 2, 9, 9, 9], Elements<byte>(result));

        Cv2.CopyMakeBorder(image, result, 0, 0, 1, 1, BorderTypes.Replicate);
        Assert.Equal([1, 1, 2, 2], Elements<byte>(result));
    }

    [Fact]
    public void WarpMovesAndRotationMatrixTurnsAboutItsCentre()
    {
        using Mat image = Row(1, 2, 3), shift = Mat.FromPixelData(2, 3, MatType.CV_64FC1, new double[] { 1, 0, 1, 0, 1, 0 }), result = new();
        Cv2.WarpAffine(image, result, shift, new Size(3, 1), InterpolationFlags.Nearest, BorderTypes.Constant, new Scalar(7));
        Assert.Equal([7, 1, 2], Elements<byte>(result));

        using Mat half = Cv2.GetRotationMatrix2D(new Point2f(1, 2), 180, 1);
        double[] expected = [-1, 0, 2, 0, -1, 4];
        Assert.All(Elements<double>(half).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 12));
    }

    [Fact]
    public void BlurSpreadsAndKeepsTheSum()
    {
        using Mat image = new(9, 9, MatType.CV_32FC1, new Scalar(0)), result = new();
        image.Set(4, 4, 1f);

        Cv2.GaussianBlur(image, result, new Size(5, 5), 1);

        Assert.InRange(result.Get<float>(4, 4), 0.1f, 0.2f);
        Assert.Equal(1, Cv2.Sum(result).Val0, 5);
    }

    [Fact]
    public void ArithmeticSaturates()
    {
        using Mat a = Row(10, 100, 200), b = Row(20, 60, 100), result = new();

        Cv2.Add(a, b, result);
        Assert.Equal([30, 160, 255], Elements<byte>(result));
        Cv2.Subtract(a, b, result);
        Assert.Equal([0, 40, 100], Elements<byte>(result));
        Cv2.Absdiff(a, b, result);
        Assert.Equal([10, 40, 100], Elements<byte>(result));
        Cv2.Multiply(a, b, result, 0.1);
        Assert.Equal([20, 255, 255], Elements<byte>(result));
        Cv2.AddWeighted(a, 0.5, b, 0.5, 1, result);
        Assert.Equal([16, 81, 151], Elements<byte>(result));
        Cv2.ConvertScaleAbs(a, result, -1, 50);
        Assert.Equal([40, 50, 150], Elements<byte>(result));
    }

    [Fact]
    public void ScalarsActOnEachChannel()
    {
        using Mat image = new(1, 1, MatType.CV_8UC3, new Scalar(100, 100, 100)), result = new();

        Cv2.Add(image, new Scalar(1, 2, 3), result);
        Assert.Equal(new Vec3b(101, 102, 103), result.Get<Vec3b>(0, 0));
        Cv2.Subtract(new Scalar(150, 120, 90), image, result);
        Assert.Equal(new Vec3b(50, 20, 0), result.Get<Vec3b>(0, 0));
        Cv2.Multiply(image, new Scalar(2, 1, 0.5), result);
        Assert.Equal(new Vec3b(200, 100, 50), result.Get<Vec3b>(0, 0));
    }

    [Fact]
    public void LookUpTableMapsEveryByte()
    {
        using Mat image = Row(0, 1, 255), result = new();
        byte[] inverse = [.. Enumerable.Range(0, 256).Select(value => (byte)(255 - value))];

        Cv2.LUT(image, inverse, result);

        Assert.Equal([255, 254, 0], Elements<byte>(result));
        Assert.Throws<ArgumentException>(() => Cv2.LUT(image, new byte[3], result));
    }

    [Fact]
    public void StatisticsHonourTheMask()
    {
        using Mat image = Row(2, 4, 90), mask = Row(1, 1, 0);

        Assert.Equal(32, Cv2.Mean(image).Val0);
        Assert.Equal(3, Cv2.Mean(image, mask).Val0);
        Assert.Equal(2, Cv2.CountNonZero(mask));
        Cv2.MinMaxLoc(image, out double min, out double max, out Point minAt, out Point maxAt, mask);
        Assert.Equal((2, 4, new Point(0, 0), new Point(1, 0)), (min, max, minAt, maxAt));
    }

    [Fact]
    public void ChannelsSplitAndMerge()
    {
        using Mat image = new(1, 2, MatType.CV_8UC3, new Scalar(1, 2, 3)), back = new();

        Mat[] planes = Cv2.Split(image);
        Array.Reverse(planes);
        Cv2.Merge(planes, back);

        Assert.Equal([new Vec3b(3, 2, 1), new Vec3b(3, 2, 1)], Elements<Vec3b>(back));
        foreach (Mat plane in planes) plane.Dispose();
    }

    [Fact]
    public void ThreadCountIsSet()
    {
        int before = Cv2.GetNumThreads();
        Cv2.SetNumThreads(1);
        Assert.Equal(1, Cv2.GetNumThreads());
        Cv2.SetNumThreads(before);
        Assert.Equal(before, Cv2.GetNumThreads());
    }

    private static Mat Row(params byte[] values) => Mat.FromPixelData(1, values.Length, MatType.CV_8UC1, values);

    private static Mat Square(params byte[] values) => Mat.FromPixelData(2, 2, MatType.CV_8UC1, values);
}
