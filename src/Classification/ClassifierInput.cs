using OpenCvSharp;
using Vision.Backbones;
using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Classification;

/// <summary>The preprocessing of a classifier's images.</summary>
public sealed class ClassifierInput
{
    private readonly Preprocessing preprocessing;

    /// <summary>Uses the given preprocessing.</summary>
    public ClassifierInput(Preprocessing preprocessing) => this.preprocessing = preprocessing;

    /// <summary>Resizes and crops an image for prediction.</summary>
    public ResizeAndCenterCrop Crop => new ResizeAndCenterCrop(preprocessing.Resize, preprocessing.Crop, Filter);

    /// <summary>An image as a classifier sees it, before normalization.</summary>
    /// <param name="image">RGB, 8 bits, of any size.</param>
    /// <returns>float32 [1, 3, side, side] in [0, 1].</returns>
    public Tensor Cropped(Mat image)
    {
        using var scope = NewDisposeScope();
        (Mat crop, _) = Crop.Apply(
            image.Clone(), new() { ImageId = 0, File = "", Width = image.Width, Height = image.Height }, Random.Shared);
        using (crop) return ImageTensor.From(crop).unsqueeze(0).MoveToOuterDisposeScope();
    }

    /// <summary>How images are resized.</summary>
    public ResizeFilter Filter => preprocessing.Interpolation == InterpolationMode.Bicubic ? ResizeFilter.Bicubic : ResizeFilter.Bilinear;

    /// <summary>Normalizes a batch: (x − mean) / std for each channel.</summary>
    /// <param name="images">RGB, [N, 3, H, W] in [0, 1].</param>
    /// <param name="device">The network's device.</param>
    /// <returns>[N, 3, H, W] on the device, in channels-last memory format, which is fastest for convolutions.</returns>
    public Tensor Normalize(Tensor images, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor mean = tensor(preprocessing.Mean.ToArray()).to(device).reshape(1, 3, 1, 1);
        Tensor std = tensor(preprocessing.Std.ToArray()).to(device).reshape(1, 3, 1, 1);
        return MemoryFormat.ChannelsLast((images.to(device) - mean) / std).MoveToOuterDisposeScope();
    }
}
