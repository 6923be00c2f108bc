using System.Runtime.CompilerServices;
using OpenCvSharp;

namespace Vision.Interop.Tests.OpenCv;

public class MatMemoryTests
{
    private const int Megabyte = 1 << 20;

    [Fact]
    public void ForgottenMatsAreCollectedBeforeTheyFillMemory()
    {
        Churn(50);
        long before = Environment.WorkingSet;

        // 1 GB in all, each page touched: without pressure on the collector next to none of it would be freed.
        Churn(500);

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 400L * Megabyte);

        static void Churn(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Mat mat = new(1024, 1024, MatType.CV_8UC1, new Scalar(1)), result = new();
                Cv2.Flip(mat, result, FlipMode.X);
            }
        }
    }

    [Fact]
    public void DisposedMatsLeaveNothing()
    {
        Churn(100);
        long before = Environment.WorkingSet;

        Churn(1000);

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 50L * Megabyte);

        static void Churn(int count)
        {
            for (int i = 0; i < count; i++)
            {
                using Mat mat = new(512, 512, MatType.CV_8UC3, new Scalar(1)), result = new();
                Cv2.CvtColor(mat, result, ColorConversionCodes.BGR2RGB);
            }
        }
    }

    [Fact]
    public void ArrayUnderAMatIsFreeAfterwards()
    {
        WeakReference array = UseAndDispose();
        GC.Collect();
        Assert.False(array.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference UseAndDispose()
        {
            byte[] pixels = new byte[16];
            using Mat mat = Mat.FromPixelData(4, 4, MatType.CV_8UC1, pixels);
            return new WeakReference(pixels);
        }
    }

    [Fact]
    public void ArrayUnderAMatStaysWhereItIs()
    {
        using Mat mat = OnANewArray();
        for (int i = 0; i < 3; i++) GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.Equal(Enumerable.Range(0, 16).Select(i => (byte)i), MatTests.Elements<byte>(mat));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static Mat OnANewArray() => Mat.FromPixelData(4, 4, MatType.CV_8UC1, Enumerable.Range(0, 16).Select(i => (byte)i).ToArray());
    }
}
