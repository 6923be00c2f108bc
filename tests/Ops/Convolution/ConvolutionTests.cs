using System.Runtime.Intrinsics.X86;
using TorchSharp;
using Vision.Ops.Convolution;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Ops.Tests.Convolution;

/// <summary>All fast convolutions against libtorch's in double precision.</summary>
public class ConvolutionTests
{
    private const double Tolerance = 1e-5;

    private static readonly ConvolutionGeometry same = new([1, 1], [1, 1], [1, 1], 1);

    [Theory]
    [InlineData(1, 8, 8, 1, 1, 1), InlineData(1, 8, 16, 4, 4, 1), InlineData(2, 16, 8, 5, 7, 1), InlineData(1, 64, 64, 13, 30, 1)]
    [InlineData(3, 24, 40, 3, 50, 1), InlineData(1, 8, 8, 200, 201, 1), InlineData(1, 128, 64, 2, 9, 1), InlineData(9, 16, 8, 14, 14, 1)]
    [InlineData(1, 8, 16, 20, 31, 2), InlineData(2, 16, 8, 13, 17, 4), InlineData(1, 8, 8, 45, 60, 12), InlineData(1, 8, 8, 5, 40, 24)]
    [InlineData(2, 16, 3, 9, 14, 1), InlineData(1, 8, 819, 10, 13, 1)]
    public void WinogradIsTheDefinition(int images, int channels, int filters, int height, int width, int dilation)
    {
        ConvolutionGeometry geometry = new([1, 1], [dilation, dilation], [dilation, dilation], 1);
        using WinogradMemory memory = new();
        foreach (bool relu in (bool[])[false, true])
            foreach (bool adds in (bool[])[false, true])
                foreach (bool biased in (bool[])[false, true])
                {
                    using var scope = NewDisposeScope();
                    random.manual_seed(height);
                    Tensor x = ChannelsLast(randn(images, channels, height, width)), weight = randn(filters, channels, 3, 3);
                    Tensor? bias = biased ? randn(filters) : null;
                    Tensor? residual = adds ? ChannelsLast(randn(images, filters, height, width)) : null;
                    ConvolutionActivation activation = relu ? ConvolutionActivation.Relu : ConvolutionActivation.None;
                    using WinogradConvolution convolution = new(weight, bias, dilation, activation, memory);
                    Tensor expected = Expected(x, weight, bias, geometry, activation, residual);
                    Close.To(convolution.Call(x, residual).to(float64), expected, Tolerance, $"relu {relu}, sum {adds}, bias {biased}");
                    Close.To(convolution.Call(x, residual).to(float64), expected, Tolerance, "called twice");
                }
    }

    [Fact]
    public void WinogradTakesImagesOfOtherSizesInTurn()
    {
        using var scope = NewDisposeScope();
        using WinogradMemory memory = new();
        Tensor weight = randn(16, 8, 3, 3);
        using WinogradConvolution convolution = new(weight, null, 1, ConvolutionActivation.None, memory);
        foreach (var (height, width) in new[] { (9, 9), (30, 41), (4, 4), (31, 41) })
        {
            Tensor x = ChannelsLast(randn(1, 8, height, width));
            Close.To(convolution.Call(x).to(float64), Expected(x, weight, null, same, ConvolutionActivation.None, null), Tolerance);
        }
    }

    public static TheoryData<int, int, int, int, int> Geometries => new()
    {
        { 1, 1, 0, 1, 1 }, { 3, 1, 1, 1, 1 }, { 3, 2, 1, 1, 1 }, { 3, 1, 2, 2, 1 }, { 7, 2, 3, 1, 1 }, { 3, 1, 1, 1, 8 }, { 5, 2, 2, 1, 4 },
    };

    [Theory, MemberData(nameof(Geometries))]
    public void FusedConvolutionsAreTheDefinition(int kernel, int stride, int padding, int dilation, int groups)
    {
        ConvolutionGeometry geometry = new([stride, stride], [padding, padding], [dilation, dilation], groups);
        foreach (ConvolutionActivation activation in Enum.GetValues<ConvolutionActivation>())
        {
            using var scope = NewDisposeScope();
            random.manual_seed(kernel);
            Tensor weight = randn(16, 8 / groups, kernel, kernel) / kernel, bias = randn(16);
            using FusedConvolution convolution = new(weight, bias, geometry, activation, [1, 8, 20, 20]);
            // The size that it was packed for, and another.
            foreach (Tensor x in (Tensor[])[ChannelsLast(randn(1, 8, 20, 20)), ChannelsLast(randn(2, 8, 33, 19))])
            {
                Tensor expected = Expected(x, weight, bias, geometry, activation, null);
                Close.To(convolution.Call(x).to(float64), expected, Tolerance, $"{activation}");
                Tensor residual = ChannelsLast(randn(expected.shape));
                Close.To(convolution.Call(x, residual).to(float64), Expected(x, weight, bias, geometry, activation, residual), Tolerance,
                    $"{activation} of a sum");
            }
        }
    }

    // Whole tiles and panels, parts of them, few and many pixels.
    [Theory]
    [InlineData(1, 8, 16, 1, 1), InlineData(2, 5, 10, 1, 1), InlineData(1, 16, 72, 3, 5), InlineData(1, 3, 1, 2, 3)]
    [InlineData(1, 40, 24, 7, 7), InlineData(2, 24, 33, 15, 31), InlineData(1, 130, 100, 40, 51), InlineData(3, 8, 16, 1, 70)]
    public void PointwiseConvolutionsAreTheDefinition(int images, int channels, int filters, int height, int width)
    {
        ConvolutionGeometry geometry = new([1, 1], [0, 0], [1, 1], 1);
        foreach (ConvolutionActivation activation in Enum.GetValues<ConvolutionActivation>())
        {
            using var scope = NewDisposeScope();
            random.manual_seed(height);
            Tensor x = ChannelsLast(randn(images, channels, height, width)), weight = randn(filters, channels, 1, 1) / Math.Sqrt(channels);
            Tensor? bias = activation == ConvolutionActivation.Relu6 ? null : randn(filters);
            using PointwiseConvolution convolution = new(weight, bias, activation);
            Close.To(convolution.Call(x).to(float64), Expected(x, weight, bias, geometry, activation, null), Tolerance, $"{activation}");
            foreach (var (rows, columns) in new[] { (height, width), ((height + 1) / 2, (width + 1) / 2), (1, 1) })
            {
                Tensor residual = ChannelsLast(randn(images, filters, rows, columns));
                Tensor resized = nn.functional.interpolate(residual, [height, width], mode: InterpolationMode.Nearest);
                Close.To(convolution.Call(x, residual).to(float64), Expected(x, weight, bias, geometry, activation, resized), Tolerance,
                    $"{activation} of a sum with {rows}×{columns}");
            }
        }
    }

    // Kernels that fit into the image at some places, everywhere, and nowhere; whole vectors of channels and parts of them.
    [Theory]
    [InlineData(3, 1, 1, 1, 8, 9, 14), InlineData(3, 2, 1, 1, 20, 15, 16), InlineData(5, 1, 2, 1, 45, 7, 7)]
    [InlineData(5, 2, 2, 1, 16, 13, 3), InlineData(7, 1, 3, 1, 33, 11, 12), InlineData(7, 2, 3, 1, 9, 2, 2)]
    [InlineData(3, 1, 0, 1, 64, 5, 6), InlineData(3, 1, 4, 4, 24, 19, 23), InlineData(3, 1, 6, 6, 17, 4, 4)]
    [InlineData(1, 1, 0, 1, 12, 3, 3), InlineData(3, 3, 2, 1, 11, 10, 1)]
    public void DepthwiseConvolutionsAreTheDefinition(int kernel, int stride, int padding, int dilation, int channels, int height,
        int width)
    {
        ConvolutionGeometry geometry = new([stride, stride], [padding, padding], [dilation, dilation], channels);
        foreach (ConvolutionActivation activation in Enum.GetValues<ConvolutionActivation>())
        {
            using var scope = NewDisposeScope();
            random.manual_seed(kernel);
            Tensor x = ChannelsLast(randn(2, channels, height, width)), weight = randn(channels, 1, kernel, kernel) / kernel;
            Tensor? bias = activation == ConvolutionActivation.Relu6 ? null : randn(channels);
            Assert.True(DepthwiseConvolution.Pays(weight.shape, geometry) || !Fma.IsSupported);
            using DepthwiseConvolution convolution = new(weight, bias, geometry, activation);
            Tensor expected = Expected(x, weight, bias, geometry, activation, null);
            Close.To(convolution.Call(x).to(float64), expected, Tolerance, $"{activation}");
            Tensor residual = ChannelsLast(randn(expected.shape));
            Close.To(convolution.Call(x, residual).to(float64), Expected(x, weight, bias, geometry, activation, residual), Tolerance,
                $"{activation} of a sum");
        }
    }

    [Fact]
    public void NothingStaysBehind()
    {
        using Tensor weight = randn(64, 64, 3, 3), image = randn(1, 64, 40, 40), x = ChannelsLast(image);
        LiveTensors.Unchanged(() =>
        {
            using WinogradMemory memory = new();
            using WinogradConvolution winograd = new(weight, null, 1, ConvolutionActivation.Relu, memory);
            using FusedConvolution fused = new(weight, null, same, ConvolutionActivation.Relu, x.shape);
            LiveTensors.Unchanged(() => fused.Call(x).Dispose());
            winograd.Call(x).Dispose();
            LiveTensors.Unchanged(() => winograd.Call(x).Dispose());
            using Tensor rows = randn(64, 64, 1, 1), own = randn(64, 1, 3, 3);
            using PointwiseConvolution pointwise = new(rows, null, ConvolutionActivation.Relu);
            using DepthwiseConvolution depthwise = new(own, null, same, ConvolutionActivation.Relu);
            LiveTensors.Unchanged(() => pointwise.Call(x).Dispose());
            LiveTensors.Unchanged(() => depthwise.Call(x).Dispose());
        });
    }

    [Fact]
    public void WinogradIsChosenWhereItPays()
    {
        bool Pays(long c, long height, ConvolutionGeometry? geometry = null,
            ConvolutionActivation activation = ConvolutionActivation.Relu) =>
            WinogradConvolution.Pays([c, c, 3, 3], geometry ?? same, activation, [1, c, height, height]);

        Assert.True(Pays(256, 32));
        Assert.False(Pays(512, 14));
        Assert.False(Pays(24, 100));
        Assert.False(Pays(68, 100));                                    // no multiple of eight
        Assert.False(Pays(256, 32, same with { Stride = [2, 2] }));
        Assert.False(Pays(256, 32, same with { Groups = 2 }));
        Assert.True(Pays(256, 32, same with { Dilation = [2, 2], Padding = [2, 2] }));
        Assert.False(Pays(256, 32, same with { Dilation = [2, 2] }));
        Assert.False(Pays(256, 45, same with { Dilation = [24, 24], Padding = [24, 24] }));        // hardly anything inside
        Assert.False(Pays(256, 32, activation: ConvolutionActivation.Silu));
        Assert.False(WinogradConvolution.Pays([256, 256, 1, 1], same, ConvolutionActivation.None, [1, 256, 28, 28]));
    }

    private static Tensor ChannelsLast(Tensor x) => MemoryFormat.ChannelsLast(x);

    private static Tensor Expected(Tensor x, Tensor weight, Tensor? bias, ConvolutionGeometry geometry, ConvolutionActivation activation,
        Tensor? residual)
    {
        Tensor y = nn.functional.conv2d(x.to(float64), weight.to(float64), bias?.to(float64), geometry.Stride, geometry.Padding,
            geometry.Dilation, geometry.Groups);
        if (residual is not null) y = y + residual.to(float64);
        return activation switch
        {
            ConvolutionActivation.Relu => y.relu(),
            ConvolutionActivation.Relu6 => nn.functional.relu6(y),
            ConvolutionActivation.HardSwish => nn.functional.hardswish(y),
            ConvolutionActivation.HardSigmoid => nn.functional.hardsigmoid(y),
            ConvolutionActivation.Silu => nn.functional.silu(y),
            ConvolutionActivation.Sigmoid => y.sigmoid(),
            _ => y,
        };
    }
}
