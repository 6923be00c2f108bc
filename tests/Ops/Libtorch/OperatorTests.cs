using Vision.Ops.Libtorch;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Ops.Tests.Libtorch;

public class OperatorTests
{
    private static readonly Operator mul = new("aten::mul.Tensor(Tensor self, Tensor other) -> Tensor");

    [Fact]
    public void AnOperatorIsCalledByNameWithGradients()
    {
        using var scope = NewDisposeScope();
        Tensor a = rand(3, 4, requires_grad: true), b = rand(3, 4);
        Tensor product = mul.Call(a, b);
        Close.To(product, a * b, 0);
        product.sum().backward();
        Close.To(a.grad!, b, 0);
    }

    [Fact]
    public void NumbersListsAndAbsentTensorsArrive()
    {
        using var scope = NewDisposeScope();
        Operator cumsum = new("aten::narrow(Tensor self, int dim, int start, int length) -> Tensor");
        Operator reshape = new("aten::reshape(Tensor self, int[] shape) -> Tensor");
        Operator linear = new("aten::linear(Tensor input, Tensor weight, Tensor? bias) -> Tensor");
        Operator dropout = new("aten::dropout(Tensor input, float p, bool train) -> Tensor");
        Tensor x = rand(2, 6), weight = rand(5, 6), bias = rand(5);
        Close.To(cumsum.Call(x, 1, 2, 3), x[.., 2..5], 0);
        Close.To(reshape.Call(x, new long[] { 3, -1 }), x.reshape(3, 4), 0);
        Close.To(linear.Call(x, weight, bias), x.matmul(weight.t()) + bias, 1e-6);
        Close.To(linear.Call(x, weight, (Tensor?)null), x.matmul(weight.t()), 1e-6);
        Close.To(dropout.Call(x, 0.9, false), x, 0);
        Assert.Equal(0, dropout.Call(x, 1.0, true).abs().sum().item<float>());
    }

    [Fact]
    public void ArgumentsThatAreNotTheSchemasAreRefusedBeforeTheCall()
    {
        using var scope = NewDisposeScope();
        Tensor x = rand(2);
        Assert.Equal("aten::mul got 1 arguments; expected 2.", Assert.Throws<ArgumentException>(() => mul.Call(x)).Message);
        Assert.Equal("Argument 1 of aten::mul is float; expected Tensor.",
            Assert.Throws<ArgumentException>(() => mul.Call(x, 2.0)).Message);
        Assert.Equal("Argument 1 of aten::mul is Tensor?; expected Tensor.",
            Assert.Throws<ArgumentException>(() => mul.Call(x, (Tensor?)null)).Message);
        Assert.Throws<FormatException>(() => new Operator("aten::mul(Tensor self, Tensor other) -> (Tensor, Tensor)"));
        Assert.Throws<FormatException>(() => new Operator("aten::mul"));
    }

    [Fact]
    public void WhatLibtorchRefusesIsAnException()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("aten::mul", Assert.Throws<InvalidOperationException>(() => mul.Call(rand(2), rand(3))).Message);
        Assert.Contains("no_such", Assert.Throws<InvalidOperationException>(() =>
            new Operator("aten::no_such() -> Tensor").Call()).Message);
        Close.To(mul.Call(ones(2), ones(2)), ones(2), 0);
    }

    [Fact]
    public void TenThousandCallsLeaveNothingBehind()
    {
        using var scope = NewDisposeScope();
        Operator reshape = new("aten::reshape(Tensor self, int[] shape) -> Tensor");
        Operator linear = new("aten::linear(Tensor input, Tensor weight, Tensor? bias) -> Tensor");
        Tensor x = rand(100, 100), weight = rand(100, 100), bias = rand(100);
        Assert.InRange(Memory.Growth(10_000, () =>
        {
            reshape.Call(x, new long[] { 10, 1000 });
            mul.Call(x, x);                                                                     // 40 kB each
        }), 0, 64 << 20);
        Assert.InRange(Memory.Growth(10_000, () => linear.Call(weight, weight, bias)), 0, 64 << 20);
    }
}
