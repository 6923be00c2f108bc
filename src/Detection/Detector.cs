using Vision.Backbones;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>A network that detects objects. <c>forward</c> always predicts and
/// <see cref="ComputeLosses"/> always computes losses, in either module mode.</summary>
public abstract class Detector : nn.Module<Tensor[], Detections[]>
{
    /// <summary>Names the module.</summary>
    protected Detector(string name) : base(name) { }

    /// <summary>The backbone.</summary>
    public abstract Backbone Backbone { get; }

    /// <summary>The detections of each image when the size that images are resized to is multiplied by
    /// a factor, for test-time augmentation.</summary>
    /// <param name="scale">The factor; 1 has the same result as <c>forward</c>.</param>
    /// <param name="images">As in <c>forward</c>.</param>
    /// <exception cref="NotSupportedException">This detector supports no scale other than 1.</exception>
    public virtual Detections[] PredictAt(double scale, Tensor[] images) => scale == 1 ? call(images)
        : throw new NotSupportedException($"A {GetName()} predicts at scale 1 only, but scale {scale} was requested; use 1.");

    /// <summary>The objectness of each image, regardless of class, as the region proposal network predicts it.
    /// No gradients are recorded.</summary>
    /// <param name="images">As in <c>forward</c>.</param>
    /// <returns>For each image float32 [h, w], in [0, 1], at the resolution of the finest feature map.</returns>
    /// <exception cref="NotSupportedException">This detector has no region proposal network.</exception>
    public virtual Tensor[] Objectness(Tensor[] images) =>
        throw new NotSupportedException(
            $"A {GetName()} has no region proposal network to compute objectness; use a two-stage detector, such as " +
            "fasterrcnn_resnet50_fpn.");

    /// <summary>The losses of a batch, under torchvision's names, with gradients to the trainable parameters.</summary>
    /// <param name="batch">Images with their ground truth, in pixels of each original image, before the model's own resizing.</param>
    /// <remarks>Crowd annotations are ignored. An image without objects is trained as background.</remarks>
    public abstract Losses ComputeLosses(DetectionBatch batch);
}
