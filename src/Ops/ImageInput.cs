using TorchSharp;
using Vision.Ops.Resampling;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Ops;

/// <summary>Images as the input of a network.</summary>
public static class ImageInput
{
    private const float White = 255;

    /// <summary>
    /// Writes an image into its slot in a batch, resized to the slot and normalized: (x − mean) / std for each channel, in one pass.
    /// It is resized like by torch's bilinear <c>interpolate</c>, without aligned corners and antialiasing.
    /// </summary>
    /// <param name="slot">float32 [C, H, W], planar or channels-last: a view of the batch.</param>
    /// <param name="image">[C, h, w], on any device: float32 in [0, 1], or uint8, where 255 is 1.</param>
    /// <param name="mean">The mean of each channel.</param>
    /// <param name="std">The standard deviation of each channel.</param>
    /// <exception cref="ArgumentException">A shape or a type is wrong.</exception>
    public static void Write(Tensor slot, Tensor image, IReadOnlyList<float> mean, IReadOnlyList<float> std)
    {
        if (slot.dim() != 3 || slot.dtype != ScalarType.Float32 || slot.shape[0] != mean.Count || mean.Count != std.Count)
            throw new ArgumentException(
                $"The slot is {slot.dtype} [{string.Join(", ", slot.shape)}], with {mean.Count} means and {std.Count} standard " +
                "deviations; expected Float32 [C, H, W] with C of each.", nameof(slot));
        if (image.dim() != 3 || image.shape[0] != slot.shape[0] || image.dtype is not (ScalarType.Float32 or ScalarType.Byte))
            throw new ArgumentException(
                $"The image is {image.dtype} [{string.Join(", ", image.shape)}]; expected Float32 or Byte [{slot.shape[0]}, h, w].",
                nameof(image));
        if (slot.device_type == DeviceType.CPU && image.device_type == DeviceType.CPU && !image.requires_grad
            && ImageInputCpu<float>.Fits(slot))
        {
            float[] factor = [.. std.Select(one => 1 / one)], shift = [.. mean.Zip(std, (middle, one) => -middle / one)];
            if (image.dtype == ScalarType.Byte) new ImageInputCpu<byte>(slot, image, factor, shift).Write();
            else new ImageInputCpu<float>(slot, image, factor, shift).Write();
            GC.KeepAlive(slot);
            GC.KeepAlive(image);
        }
        else WritePortably(slot, image, mean, std);
    }

    /// <summary>The same by tensor operators, on any device and with gradients.</summary>
    internal static void WritePortably(Tensor slot, Tensor image, IReadOnlyList<float> mean, IReadOnlyList<float> std)
    {
        using var scope = NewDisposeScope();
        Tensor middle = tensor(mean.ToArray()).to(slot.device).reshape(-1, 1, 1);                           // [C, 1, 1]
        Tensor one = tensor(std.ToArray()).to(slot.device).reshape(-1, 1, 1);
        Tensor pixels = image.to(slot.device);
        if (pixels.dtype == ScalarType.Byte) pixels = pixels.to(ScalarType.Float32) / White;
        pixels = (pixels - middle) / one;
        if (!pixels.shape.SequenceEqual(slot.shape))
            pixels = interpolate(pixels.unsqueeze(0), slot.shape[1..], mode: InterpolationMode.Bilinear, align_corners: false)[0];
        slot.copy_(pixels);
    }
}
