using Vision.Ops.Resampling;
using Vision.Testing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Ops.Tests.Resampling;

public class ResizedArgmaxTests
{
    /// <summary>Classes, height and width of the logits, then of the result.</summary>
    public static TheoryData<int, int, int, int, int> Sizes => new()
    {
        { 21, 30, 41, 37, 60 }, { 21, 40, 50, 11, 13 }, { 5, 33, 20, 33, 20 }, { 1, 4, 4, 8, 8 }, { 256, 3, 5, 6, 7 }, { 2, 1, 1, 9, 3 },
        { 3, 20, 7, 20, 90 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void ClassesAreThoseOfResizedProbabilities(int classes, int height, int width, int toHeight, int toWidth)
    {
        using var scope = NewDisposeScope();
        Tensor logits = randn(classes, height, width) * 3;
        Tensor probabilities = interpolate(logits.softmax(0).unsqueeze(0), [toHeight, toWidth], mode: InterpolationMode.Bilinear,
            align_corners: false)[0];
        Tensor most = probabilities.max(0).values;
        foreach (Tensor given in new[] { logits, logits.permute(1, 2, 0).contiguous().permute(2, 0, 1) })
        {
            byte[] actual = ResizedArgmax.Of(given, toHeight, toWidth);
            Tensor labels = tensor(actual).reshape(1, toHeight, toWidth).to(int64);
            // Where two classes are equally probable up to rounding, either is right.
            Close.To(probabilities.gather(0, labels)[0], most, 1e-6);
            Assert.True(labels[0].eq(probabilities.argmax(0)).to(float32).mean().item<float>() > 0.99f);
        }
    }

    [Fact]
    public void OfEqualClassesTheFirstWins()
    {
        using Tensor logits = zeros(4, 3, 3);
        Assert.All(ResizedArgmax.Of(logits, 5, 9), label => Assert.Equal(0, label));
    }

    [Fact]
    public void LogitsOfAnyMagnitudeArePossible()
    {
        using var scope = NewDisposeScope();
        Tensor logits = tensor(new[] { 0f, 1e4f, -1e4f, float.NegativeInfinity }).reshape(4, 1, 1).expand(4, 2, 2).contiguous();
        Assert.All(ResizedArgmax.Of(logits, 3, 3), label => Assert.Equal(1, label));
    }
}
