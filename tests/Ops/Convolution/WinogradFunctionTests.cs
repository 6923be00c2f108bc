using Vision.Ops.Convolution;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Ops.Tests.Convolution;

/// <summary>Winograd's convolution in training against libtorch's in double precision.</summary>
public class WinogradFunctionTests
{
    private const double Tolerance = 2e-5;

    [Theory]
    [InlineData(1, 8, 8, 1, 1, 1), InlineData(1, 8, 16, 4, 4, 1), InlineData(2, 16, 8, 5, 7, 1), InlineData(1, 64, 64, 13, 30, 1)]
    [InlineData(3, 24, 40, 3, 50, 1), InlineData(1, 8, 8, 100, 101, 1), InlineData(9, 16, 8, 14, 14, 1)]
    [InlineData(1, 8, 16, 20, 31, 2), InlineData(2, 16, 8, 13, 17, 4), InlineData(1, 8, 8, 5, 40, 24)]
    public void ResultsAndGradientsAreTheDefinitions(int images, int channels, int filters, int height, int width, int dilation)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(height);
        Tensor x = randn(images, channels, height, width), weight = randn(filters, channels, 3, 3) / 3;
        Tensor factors = randn(images, filters, height, width);
        foreach (bool last in (bool[])[false, true])
        {
            Tensor given = (last ? MemoryFormat.ChannelsLast(x) : x).detach().clone().requires_grad_(), w = weight.clone().requires_grad_();
            Tensor y = WinogradFunction.Convolve(given, w, dilation);
            (y * factors).sum().backward();

            Tensor exactX = x.to(float64).requires_grad_(), exactW = weight.to(float64).requires_grad_();
            Tensor exact = nn.functional.conv2d(exactX, exactW, null, [1, 1], [dilation, dilation], [dilation, dilation]);
            (exact * factors.to(float64)).sum().backward();

            Relative(y, exact, "results");
            Relative(given.grad!, exactX.grad!, "gradient of the input");
            Relative(w.grad!, exactW.grad!, "gradient of the weights");
        }
    }

    [Fact]
    public void OnlyWhatIsNeededIsComputed()
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(1, 8, 9, 9), weight = randn(8, 8, 3, 3).requires_grad_();
        WinogradFunction.Convolve(x, weight, 1).sum().backward();
        Assert.Null(x.grad);
        Assert.NotNull(weight.grad);
    }

    [Fact]
    public void NothingStaysBehind()
    {
        using Tensor x = randn(1, 8, 30, 30), weight = randn(8, 8, 3, 3).requires_grad_();
        void Step()
        {
            using var scope = NewDisposeScope();
            WinogradFunction.Convolve(x, weight, 1).sum().backward();
        }
        Step();
        LiveTensors.Unchanged(Step);
    }

    private static void Relative(Tensor got, Tensor exact, string what)
    {
        Tensor scale = exact.abs().max();
        Close.To(got.to(float64) / scale, exact / scale, Tolerance, what);
    }
}
