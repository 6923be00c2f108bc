using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Vision.Interop.Tests;

/// <summary>What libtorch refuses comes as an exception with its own words, and nothing is left behind by it.</summary>
public class ErrorTests
{
    [Fact]
    public void LibtorchsMessageIsKept()
    {
        using var scope = NewDisposeScope();
        Tensor a = ones(2, 3), b = ones(4, 5);
        Assert.Contains("The size of tensor a (3) must match the size of tensor b (5)", Assert.Throws<ExternalException>(() => a + b).Message);
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", Assert.Throws<ExternalException>(() => a.matmul(b)).Message);
        Assert.Contains("shape '[7]' is invalid for input of size 6", Assert.Throws<ExternalException>(() => a.reshape(7)).Message);
        Assert.Contains("does not require grad", Assert.Throws<ExternalException>(() => a.sum().backward()).Message);
    }

    [Fact]
    public void IndicesOutsideAreRefused()
    {
        using var scope = NewDisposeScope();
        Tensor a = ones(2, 3);
        Assert.Throws<ExternalException>(() => a[2]);
        Assert.Throws<ExternalException>(() => a[0, -4]);
        Assert.Throws<ExternalException>(() => a[tensor(new long[] { 5 })]);
        Assert.Throws<ExternalException>(() => a.gather(1, tensor(new long[,] { { 3 } })));
    }

    [Fact]
    public void WrongReadsAreRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => ones(2).item<float>());
        Assert.Throws<ArgumentException>(() => ones(1).item<double>());
        Assert.Throws<ArgumentException>(() => ones(2).data<long>());
        Assert.Throws<InvalidOperationException>(() => ones(2, 3).t().bytes.Length);
    }

    [Fact]
    public void WorkGoesOnAfterAnError()
    {
        long before = Tensor.TotalCount;
        for (int i = 0; i < 100; i++)
        {
            using var scope = NewDisposeScope();
            Assert.Throws<ExternalException>(() => ones(2).add_(ones(3)));
            Assert.Equal(2f, ones(2).sum().item<float>());
        }
        Assert.Equal(before, Tensor.TotalCount);
    }
}
