using TorchSharp;
using TorchSharp.Modules;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Ops.Tests;

public class AutocastTests
{
    [Fact]
    public void ProductsAreComputedInSixteenBitsAndGradientsArriveInFloat32()
    {
        using var scope = NewDisposeScope();
        Linear linear = nn.Linear(16, 8);
        Tensor x = rand(4, 16), exact = linear.call(x), outside, inside;
        using (new Autocast(DeviceType.CPU, ScalarType.BFloat16)) inside = linear.call(x);
        outside = linear.call(x);
        Assert.Equal(ScalarType.BFloat16, inside.dtype);
        Close.To(inside, exact, 0.02);
        Close.To(outside, exact, 0);
        inside.to(float32).sum().backward();
        Assert.Equal(ScalarType.Float32, linear.weight!.grad!.dtype);
        Close.To(linear.weight.grad, x.sum([0L]).expand(8, 16), 0.02);
    }

    [Fact]
    public void BlocksNestAndParametersThatChangeBetweenThemAreSeen()
    {
        using var scope = NewDisposeScope();
        Linear linear = nn.Linear(4, 4);
        Tensor x = ones(1, 4);
        using (new Autocast(DeviceType.CPU, ScalarType.BFloat16))
        {
            using (new Autocast(DeviceType.CPU, ScalarType.Float16)) Assert.Equal(ScalarType.Float16, linear.call(x).dtype);
            Assert.Equal(ScalarType.BFloat16, linear.call(x).dtype);
        }
        using (no_grad()) linear.weight!.zero_();
        using (new Autocast(DeviceType.CPU, ScalarType.BFloat16)) Close.To(linear.call(x), linear.bias!.unsqueeze(0), 0.02);
    }

    [Fact]
    public void TheCurrentTypeIsKnownAndLeftForFloat32()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(2, 2);
        Assert.Null(Autocast.Current(DeviceType.CPU));
        using (new Autocast(DeviceType.CPU, ScalarType.BFloat16))
        {
            Assert.Equal(ScalarType.BFloat16, Autocast.Current(DeviceType.CPU));
            Tensor product = x.mm(x);
            Assert.Equal((ScalarType.BFloat16, ScalarType.Float32), (product.dtype, Autocast.Widen(product).dtype));
        }
        Assert.Null(Autocast.Current(DeviceType.CPU));
        Assert.Same(x, Autocast.Widen(x));
    }

    [Fact]
    public void OtherDevicesAndTypesAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new Autocast(DeviceType.META, ScalarType.BFloat16));
        Assert.Throws<ArgumentException>(() => new Autocast(DeviceType.CPU, ScalarType.Float32));
    }
}
