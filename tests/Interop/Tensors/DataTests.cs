using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Interop.Tests;

/// <summary>Numbers into tensors and out again.</summary>
public class DataTests
{
    [Fact]
    public void ArraysComeBackAsTheyWent()
    {
        using var scope = NewDisposeScope();
        Check([1.5f, -2f, float.NaN], tensor([1.5f, -2f, float.NaN]));
        Check([1.5, -2], tensor([1.5, -2]));
        Check([long.MinValue, 3], tensor(new[] { long.MinValue, 3 }));
        Check([int.MaxValue, 3], tensor(new[] { int.MaxValue, 3 }));
        Check([(short)-7, (short)8], tensor(new short[] { -7, 8 }));
        Check([(byte)255, (byte)0], tensor(new byte[] { 255, 0 }));
        Check([true, false], tensor(new[] { true, false }));

        static void Check<T>(T[] expected, Tensor tensor) where T : unmanaged
        {
            Assert.Equal([expected.Length], tensor.shape);
            Assert.Equal(expected, tensor.data<T>().ToArray());
        }
    }

    [Fact]
    public void AnArrayIsCopied()
    {
        using var scope = NewDisposeScope();
        float[] array = [1, 2, 3];
        Tensor copy = tensor(array);
        array[0] = 9;
        Assert.Equal(6f, copy.sum().item<float>());
    }

    [Fact]
    public void BytesAreTheMemoryItself()
    {
        using var scope = NewDisposeScope();
        Tensor a = zeros(2);
        BitConverter.TryWriteBytes(a.bytes[4..], 2.5f);
        Assert.Equal(2.5f, a[1].item<float>());
        Assert.Equal(0, empty([0, 4]).bytes.Length);
        Assert.Equal(4, empty([]).bytes.Length);
    }

    [Fact]
    public void DataOfAStridedTensorIsInItsOwnOrder()
    {
        using var scope = NewDisposeScope();
        Tensor transposed = arange(6, float32).reshape(2, 3).t();
        Assert.Equal([0f, 3f, 1f, 4f, 2f, 5f], transposed.data<float>().ToArray());
        Assert.Equal(4f, transposed.data<float>()[1, 1]);
    }

    [Fact]
    public void DescriptionsAreThoseOfTheTensor()
    {
        using var scope = NewDisposeScope();
        Tensor a = zeros([2, 3, 4], float64)[.., 1];
        Assert.Equal([2, 4], a.shape);
        Assert.Equal([12, 1], a.stride());
        Assert.Equal(4, a.storage_offset());
        Assert.Equal(8, a.numel());
        Assert.Equal(2, a.dim());
        Assert.Equal(float64, a.dtype);
        Assert.Equal(DeviceType.CPU, a.device_type);
        Assert.False(a.is_contiguous());
        Assert.Equal([], ones([]).shape);
        Assert.Equal(4, a.size(-1));
    }
}
