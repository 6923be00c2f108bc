using OpenCvSharp;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Data.Tests.Images;

public sealed class ImageTensorTests
{
    [Fact]
    public void ChannelsBecomePlanesFromZeroToOne()
    {
        using var scope = NewDisposeScope();
        using Mat image = new(2, 3, MatType.CV_8UC3);
        for (int i = 0; i < 18; i++) image.AsSpan<byte>()[i] = (byte)(i * 15);
        Tensor pixels = ImageTensor.From(image);
        Assert.Equal([3, 2, 3], pixels.shape);
        Assert.Equal(float32, pixels.dtype);
        for (int c = 0; c < 3; c++)
            for (int y = 0; y < 2; y++)
                for (int x = 0; x < 3; x++) Assert.Equal((3 * (3 * y + x) + c) * 15 / 255f, pixels[c, y, x].item<float>());
    }

    [Fact]
    public void APartOfAnImageIsTakenByItsRows()
    {
        using var scope = NewDisposeScope();
        using Mat image = Pictures.Noise(20, 10, 1);
        using Mat part = image[new Rect(3, 2, 11, 5)], copy = part.Clone();
        Close.To(ImageTensor.From(part), ImageTensor.From(copy), 0);
    }

    [Fact]
    public void ThereAndBackIsTheSameImage()
    {
        using var scope = NewDisposeScope();
        using Mat image = Pictures.Noise(33, 21, 2);
        using Mat back = ImageTensor.ToMat(ImageTensor.From(image));
        Assert.Equal(image.Bytes(), back.Bytes());
    }

    [Fact]
    public void BytesAreThoseOfTheImage()
    {
        using var scope = NewDisposeScope();
        using Mat image = Pictures.Noise(33, 21, 4), part = image[new Rect(3, 2, 11, 5)], upright = part.Clone();
        Tensor pixels = ImageTensor.Bytes(part);
        Assert.Equal([3, 5, 11], pixels.shape);
        Close.To(pixels / 255f, ImageTensor.From(part), 1e-7);
        using Mat back = ImageTensor.ToMat(pixels);
        Assert.Equal(upright.Bytes(), back.Bytes());
    }

    [Fact]
    public void ValuesOutsideAreCut()
    {
        using var scope = NewDisposeScope();
        using Mat image = ImageTensor.ToMat(tensor(new[] { -1f, 0.5f, 7f }).reshape(3, 1, 1));
        Assert.Equal(new Vec3b(0, 128, 255), image.Get<Vec3b>(0, 0));
    }

    [Fact]
    public void OtherKindsAreRefused()
    {
        using Mat gray = new(2, 2, MatType.CV_8UC1);
        Assert.StartsWith("An 8-bit image of 3 channels (RGB) is expected; this one is CV_8UC1.",
            Assert.Throws<ArgumentException>(() => ImageTensor.From(gray)).Message);
        using Tensor batch = zeros(1, 3, 2, 2);
        Assert.StartsWith("An image of shape [3, H, W] is expected; this tensor is [1, 3, 2, 2].",
            Assert.Throws<ArgumentException>(() => ImageTensor.ToMat(batch)).Message);
    }

    [Fact]
    public void NothingIsLeftBehind() => LiveTensors.Unchanged(() =>
    {
        using Mat image = Pictures.Noise(8, 8, 3);
        using Tensor pixels = ImageTensor.From(image);
        using Mat back = ImageTensor.ToMat(pixels);
    });
}
