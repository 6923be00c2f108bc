using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Ops.Tests;

public class ImageInputTests
{
    private static readonly float[] mean = [0.485f, 0.456f, 0.406f], std = [0.229f, 0.224f, 0.225f];

    /// <summary>Height and width of the image, then of the slot: larger, smaller, equal, one pixel, not a multiple of a vector.</summary>
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 37, 53, 80, 121 }, { 90, 70, 31, 33 }, { 24, 40, 24, 40 }, { 1, 1, 5, 9 }, { 17, 3, 1, 1 }, { 40, 9, 13, 50 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void OnePassGivesWhatOperatorsGive(int height, int width, int toHeight, int toWidth)
    {
        using var scope = NewDisposeScope();
        Tensor bytes = randint(0, 256, [3, height, width], uint8), floats = rand(3, height, width);
        foreach (Tensor image in new[] { bytes, Interleaved(bytes), floats, Interleaved(floats), floats.flip(2) })
        {
            Tensor expected = zeros(3, toHeight, toWidth);
            ImageInput.WritePortably(expected, image, mean, std);
            foreach (bool channelsLast in new[] { false, true })
            {
                Tensor batch = Batch(channelsLast, toHeight + 3, toWidth + 5);
                ImageInput.Write(Slot(batch, toHeight, toWidth), image, mean, std);
                Close.To(Slot(batch, toHeight, toWidth), expected, 1e-5, $"{image.dtype}, channels-last: {channelsLast}");
                Slot(batch, toHeight, toWidth).fill_(-7);
                Assert.True(batch.eq(-7).all().item<bool>(), "Pixels beside the slot were changed.");
            }
        }
    }

    [Fact]
    public void AGradientGoesToTheImage()
    {
        using var scope = NewDisposeScope();
        Tensor image = rand(3, 8, 8).requires_grad_(), slot = zeros(3, 16, 16);
        ImageInput.Write(slot, image, mean, std);
        slot.sum().backward();
        Close.To(image.grad!.sum([1, 2]), 256 / tensor(std), 1e-4);
    }

    [Fact]
    public void NothingIsLeftBehind() => LiveTensors.Unchanged(() =>
    {
        using Tensor image = rand(3, 20, 30), slot = zeros(3, 40, 50);
        ImageInput.Write(slot, image, mean, std);
    });

    [Fact]
    public void AWrongShapeOrTypeIsNamed()
    {
        using var scope = NewDisposeScope();
        Assert.StartsWith("The image is Int64 [3, 4, 4]; expected Float32 or Byte [3, h, w].",
            Assert.Throws<ArgumentException>(() => ImageInput.Write(zeros(3, 8, 8), zeros(3, 4, 4, int64), mean, std)).Message);
        Assert.StartsWith("The slot is Float32 [1, 8, 8], with 3 means",
            Assert.Throws<ArgumentException>(() => ImageInput.Write(zeros(1, 8, 8), zeros(3, 4, 4), mean, std)).Message);
    }

    private static Tensor Interleaved(Tensor image) => image.permute(1, 2, 0).contiguous().permute(2, 0, 1);

    private static Tensor Batch(bool channelsLast, int height, int width) =>
        channelsLast ? full([height, width, 3], -7f).permute(2, 0, 1) : full([3, height, width], -7f);

    private static Tensor Slot(Tensor batch, int height, int width) => batch.narrow(1, 2, height).narrow(2, 4, width);
}
