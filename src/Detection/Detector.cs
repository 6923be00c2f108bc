using Vision.Backbones;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>A network that finds objects. <c>forward</c> always predicts and
/// <see cref="ComputeLosses"/> always trains: neither depends on a mode.</summary>
public abstract class Detector : nn.Module<Tensor[], Detections[]>
{
    /// <summary>Names the module.</summary>
    protected Detector(string name) : base(name) { }

    /// <summary>The backbone inside.</summary>
    public abstract Backbone Backbone { get; }

    /// <summary>The detections of each image, where the size that images are resized to is multiplied by
    /// a factor: what test-time augmentation asks for.</summary>
    /// <param name="scale">The factor; 1 gives what <c>forward</c> gives.</param>
    /// <param name="images">As of <c>forward</c>.</param>
    /// <exception cref="NotSupportedException">This detector knows one scale alone.</exception>
    public virtual Detections[] PredictAt(double scale, Tensor[] images) => scale == 1 ? call(images)
        : throw new NotSupportedException($"A {GetName()} predicts at its own scale alone, and {scale} of it was asked for: take 1.");

    /// <summary>Where in each image there are objects, whatever their class: what a region proposal network says
    /// before the second stage looks. Never records a gradient.</summary>
    /// <param name="images">As of <c>forward</c>.</param>
    /// <returns>Of each image float32 [h, w], in [0, 1], at the resolution of the finest feature map.</returns>
    /// <exception cref="NotSupportedException">This detector proposes no regions.</exception>
    public virtual Tensor[] Objectness(Tensor[] images) =>
        throw new NotSupportedException(
            $"A {GetName()} has no region proposal network to say where objects are: take a detector of two stages, such as " +
            "fasterrcnn_resnet50_fpn.");

    /// <summary>The losses of a batch, under torchvision's names, with gradients to the trainable parameters.</summary>
    /// <param name="batch">Images with their ground truth, in pixels of each image as it is before the model's own resizing.</param>
    /// <remarks>Crowd annotations are not trained on. An image without objects is trained as background.</remarks>
    public abstract Losses ComputeLosses(DetectionBatch batch);
}
