using Vision.Ops.Libtorch;
using Vision.Testing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Ops.Tests;

public class ResizeLikeTests
{
    private static readonly (Func<Tensor, Tensor, Tensor> Resize, Func<Tensor, long, long, Tensor> Expected)[] all =
    [
        (ResizeLike.Bilinear, (x, h, w) => interpolate(x, [h, w], mode: InterpolationMode.Bilinear, align_corners: false)),
        (ResizeLike.Nearest, (x, h, w) => interpolate(x, [h, w], mode: InterpolationMode.Nearest)),
        (ResizeLike.Cover, (x, h, w) => h <= x.shape[2] && w <= x.shape[3] ? x.narrow(2, 0, h).narrow(3, 0, w)
            : interpolate(x, [h, w], mode: InterpolationMode.Bilinear, align_corners: false)),
    ];

    [Theory]
    [InlineData(5, 7), InlineData(10, 13), InlineData(3, 4), InlineData(3, 9), InlineData(1, 1)]
    public void ValuesAndGradientsAreThoseOfInterpolation(int height, int width)
    {
        foreach (var (resize, expected) in all)
        {
            using var scope = NewDisposeScope();
            Tensor own = rand(2, 3, 5, 7).requires_grad_(), other = own.detach().clone().requires_grad_(), like = rand(1, 8, height, width);
            Tensor a = resize(own, like), b = expected(other, height, width);
            Close.To(a, b, 0);
            (a * a).sum().backward();
            (b * b).sum().backward();
            Close.To(own.grad!, other.grad!, 0);
        }
    }

    [Fact]
    public void DoubledRepeatsEachPixel()
    {
        using var scope = NewDisposeScope();
        Tensor x = rand(1, 2, 3, 4);
        Close.To(ResizeLike.Doubled(x), x.repeat_interleave(2, 2).repeat_interleave(2, 3), 0);
    }

    [SkippableFact]
    public void AGraphHoldsNoSize()
    {
        Requirement.Check(Tracer.IsSupported, "Networks can be traced on Linux on x86-64 only.");
        using var scope = NewDisposeScope();
        Tensor like = rand(1, 1, 9, 9);
        string graph = Tracer.Graph([rand(1, 2, 3, 4), like], given => [ResizeLike.Bilinear(given[0], given[1])]);
        Assert.Contains("vision::resize_like(%0, %1)", graph);
        Assert.DoesNotContain("prim::Constant", graph);
    }

    /// <summary>Inner taps alone, where the outer ones lie outside.</summary>
    [Theory]
    [InlineData(20, 20, 3), InlineData(3, 20, 4), InlineData(20, 3, 4), InlineData(4, 4, 4), InlineData(5, 4, 4), InlineData(1, 1, 2)]
    public void DilatedConvolutionsAreTheDefinition(int height, int width, int dilation)
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(2, 3, height, width), weight = randn(4, 3, 3, 3);
        Close.To(DilatedConv.Conv2d(x, weight, dilation),
            conv2d(x, weight, null, [1, 1], [dilation, dilation], [dilation, dilation]), 1e-6);
    }
}
