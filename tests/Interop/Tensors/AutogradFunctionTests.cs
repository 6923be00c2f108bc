using System.Runtime.InteropServices;
using TorchSharp;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Interop.Tests;

public class AutogradFunctionTests
{
    /// <summary>x·y·factor, whose gradients are asked for in words of their own: y and x without the factor.</summary>
    private sealed class Product : autograd.SingleTensorFunction<Product>
    {
        public override string Name => nameof(Product);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (x, factor, y) = ((Tensor)vars[0], (double)vars[1], (Tensor)vars[2]);
            Assert.False(is_grad_enabled());
            ctx.save_for_backward([x, y]);
            ctx.save_data("factor", factor);
            return x * y * factor;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            if ((double)ctx.get_data("factor") < 0) throw new InvalidOperationException("no gradient below zero");
            List<Tensor> saved = ctx.get_saved_variables();
            return [grad_output * saved[1], null!, grad_output * saved[0]];
        }
    }

    [Fact]
    public void ItsBackwardMakesTheGradients()
    {
        using var scope = NewDisposeScope();
        Tensor x = tensor([1f, 2f]).requires_grad_(), y = tensor([3f, -1f]).requires_grad_();
        Tensor result = Product.apply(x * 2, 5.0, y);
        Close.To(result, tensor([30f, -20f]), 0);
        result.relu_();  // a result may be changed in place
        result.sum().backward();
        Close.To(x.grad!, tensor([6f, 0f]), 0);
        Close.To(y.grad!, tensor([2f, 0f]), 0);
    }

    [Fact]
    public void WithoutRecordingItIsForwardAlone()
    {
        using var scope = NewDisposeScope();
        Assert.False(Product.apply(ones(2), 1.0, ones(2)).requires_grad);
        using var noGradient = no_grad();
        Assert.False(Product.apply(ones(2).requires_grad_(), 1.0, ones(2)).requires_grad);
    }

    [Fact]
    public void AnExceptionInBackwardIsThrown()
    {
        using var scope = NewDisposeScope();
        Tensor loss = Product.apply(ones(2).requires_grad_(), -1.0, ones(2)).sum();
        Assert.Contains("no gradient below zero", Assert.Throws<ExternalException>(() => loss.backward()).Message);
    }

    [Fact]
    public void ASecondBackwardNeedsTheGraphKept()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(2).requires_grad_();
        Tensor y = Product.apply(x, 1.0, full(2, 3));
        y.backward([ones(2)], retain_graph: true);
        y.backward([ones(2)]);
        Close.To(x.grad!, full(2, 6), 0);
        Assert.Contains("a second time", Assert.Throws<ExternalException>(() => y.backward([ones(2)])).Message);
    }

    [Fact]
    public void ItLeavesNoTensorBehind() => LiveTensors.Unchanged(() =>
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(2).requires_grad_();
        Product.apply(x, 1.0, ones(2)).sum().backward();
        Product.apply(x, 1.0, ones(2));  // never followed back
    });
}
