using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Tests.Libtorch;

public class ParallelLoopTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(7), InlineData(1000)]
    public void EachStepIsDoneOnce(int count)
    {
        int[] done = new int[count];
        ParallelLoop.For(count, 1, (first, end) =>
        {
            for (long i = first; i < end; i++) Interlocked.Increment(ref done[i]);
        });
        Assert.All(done, times => Assert.Equal(1, times));
    }

    [Fact]
    public void AnExceptionOfAnyThreadIsThrownAtTheCall()
    {
        for (int round = 0; round < 100; round++)
            Assert.Throws<FormatException>(() => ParallelLoop.For(100, 1, (_, end) =>
            {
                if (end == 100) throw new FormatException();
            }));
    }

    [Fact]
    public void APointerIsToTheTensorsOwnElements()
    {
        using var scope = NewDisposeScope();
        Tensor whole = arange(12, float32).reshape(3, 4), part = whole[1..];
        unsafe
        {
            Assert.Equal(4f, part.Pointer<float>()[0]);
            part.Pointer<float>()[1] = 50;
        }
        Assert.Equal(50f, whole[1, 1].item<float>());
        Assert.Contains("expected elements of 8 bytes",
            Assert.Throws<ArgumentException>(() => { unsafe { whole.Pointer<double>(); } }).Message);
    }
}
