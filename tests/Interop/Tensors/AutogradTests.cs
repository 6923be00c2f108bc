using System.Runtime.InteropServices;
using TorchSharp;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Interop.Tests;

public class AutogradTests
{
    [Fact]
    public void GradientsAreThoseOfTheFormula()
    {
        using var scope = NewDisposeScope();
        Tensor x = tensor([1f, -2f, 3f]).requires_grad_();
        Tensor y = tensor([2f, 0.5f, -1f]).requires_grad_();

        (x.pow(2) * y + y.exp()).sum().backward();

        Close.To(x.grad!, 2 * x * y, 1e-6, "2xy");
        Close.To(y.grad!, x.pow(2) + y.exp(), 1e-6, "x² + eʸ");
    }

    [Fact]
    public void GradientsAddUpUntilTheyAreCleared()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(2).requires_grad_();
        Assert.Null(x.grad);
        for (int i = 0; i < 3; i++) (x * 2).sum().backward();
        Close.To(x.grad!, full(2, 6), 0);
        x.grad!.zero_();
        Close.To(x.grad!, zeros(2), 0);
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void BroadcastingIsSummedBack()
    {
        using var scope = NewDisposeScope();
        Tensor column = ones(3, 1).requires_grad_();
        (column * arange(4, float32)).sum().backward();
        Close.To(column.grad!, full(3, 1, 6), 0);
    }

    [Fact]
    public void IndexingSendsGradientsWhereTheyCameFrom()
    {
        using var scope = NewDisposeScope();
        Tensor x = zeros(4).requires_grad_();
        (x[tensor(new long[] { 1, 1, 3 })] * tensor([1f, 2f, 5f])).sum().backward();
        Close.To(x.grad!, tensor([0f, 3f, 0f, 5f]), 0);
    }

    [Fact]
    public void NoGradMakesNoGraphAndEndsWithItsBlock()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(2).requires_grad_();
        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (enable_grad()) Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }
        Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void NoGradEndsWhenAnExceptionLeavesItsBlock()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ExternalException>(() =>
        {
            using (no_grad()) ones(2).add_(ones(3));
        });
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void NoGradIsOfItsThread()
    {
        using (no_grad())
        {
            bool elsewhere = false;
            Thread thread = new(() => elsewhere = is_grad_enabled());
            thread.Start();
            thread.Join();
            Assert.True(elsewhere);
        }
    }

    [Fact]
    public void InferenceModeMakesNoGraph()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(2).requires_grad_();
        using (inference_mode()) Assert.False((x * 2).requires_grad);
        Assert.False(is_inference_mode_enabled());
        Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void DetachedTensorsShareValuesButNoGraph()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(2).requires_grad_();
        Tensor detached = (x * 3).detach();
        Assert.False(detached.requires_grad);
        Tensor window = x.detach();
        window.fill_(5);
        Assert.Equal(10f, x.sum().item<float>());
    }

    [Fact]
    public void GradsAreGivenForChosenInputs()
    {
        using var scope = NewDisposeScope();
        Tensor x = tensor([3f]).requires_grad_();
        Tensor y = tensor([4f]).requires_grad_();
        Tensor unused = tensor([1f]).requires_grad_();

        IList<Tensor> first = autograd.grad([x.pow(3) * y], [x, unused], create_graph: true, allow_unused: true);
        Assert.Equal(108f, first[0].item<float>());      // 3x²y
        Assert.Null(x.grad);

        IList<Tensor> second = autograd.grad([first[0]], [x]);
        Assert.Equal(72f, second[0].item<float>());      // 6xy
    }

    [Fact]
    public void ASecondBackwardNeedsTheGraphKept()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(2).requires_grad_();
        Tensor y = x.exp().sum();
        y.backward(retain_graph: true);
        y.backward();
        ExternalException error = Assert.Throws<ExternalException>(() => y.backward());
        Assert.Contains("backward through the graph a second time", error.Message);
    }

    [Fact]
    public void InPlaceChangesOfWhatBackwardNeedsAreFound()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(2).requires_grad_();
        Tensor y = x.exp();
        Tensor loss = y.sum();
        y.add_(1);
        ExternalException error = Assert.Throws<ExternalException>(() => loss.backward());
        Assert.Contains("modified by an inplace operation", error.Message);
    }

    [Fact]
    public void TrainingStepsLeaveNoTensorsBehind()
    {
        using var outer = NewDisposeScope();
        Tensor weight = randn(8, 8).requires_grad_();
        Tensor input = randn(4, 8);
        LiveTensors.Unchanged(() =>
        {
            using var scope = NewDisposeScope();
            input.matmul(weight).relu().sum().backward();
            using (no_grad()) weight.sub_(weight.grad! * 0.01);
            weight.grad!.zero_();
        });
    }
}
