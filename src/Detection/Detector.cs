using Vision.Backbones;
using Vision.Data;
using Vision.Graphs;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>A network that detects objects. <c>forward</c> always predicts and
/// <see cref="ComputeLosses"/> always computes losses, in either module mode. Images to predict are RGB, [3, H, W], float32 in [0, 1] or
/// uint8, of any sizes and with any strides.</summary>
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

    /// <summary>Compiles what the detector computes between the preprocessing of images and the selection of boxes, so that further
    /// predictions are faster: they are the same up to float32 rounding. It takes about as long as a few predictions, and ends when the
    /// detector is trained further. Do not change its weights otherwise.</summary>
    /// <exception cref="PlatformNotSupportedException">This system lacks libtorch's tracer: it is on Linux on x86-64.</exception>
    /// <exception cref="NotSupportedException">The detector is on a GPU, or uses an operator that cannot be compiled.</exception>
    public void Compile()
    {
        if (Parts.Count == 0) throw new NotSupportedException($"A {GetName()} does not say which parts of it can be compiled.");
        foreach (NetworkPart part in Parts) part.Compile(this);
    }

    /// <summary>Summarizes the layers, with shapes, parameters, multiply-adds and memory: those of the parts that compute from tensors alone,
    /// one after the other. Heads of two-stage detectors look at as many regions as there can be: all proposals, and for masks or keypoints
    /// all detections.</summary>
    /// <param name="height">The height of an image as the network sees it, resized; a multiple of 32 suits every network. Of no effect if
    /// the network has a height of its own, as SSD has.</param>
    /// <param name="width">The width, likewise.</param>
    /// <exception cref="PlatformNotSupportedException">This system lacks libtorch's tracer: it is on Linux on x86-64.</exception>
    /// <exception cref="NotSupportedException">The detector does something that a graph cannot express, or does not name its
    /// parts.</exception>
    public NetworkSummary Summarize(long height, long width) => Parts.Count > 0 ? NetworkSummary.Of(this, Parts, height, width)
        : throw new NotSupportedException($"A {GetName()} does not say of which parts it consists.");

    /// <inheritdoc/>
    public override void train(bool on = true)
    {
        base.train(on);
        if (on) Forget();
    }

    /// <summary>The parts that <see cref="Compile"/> compiles, whose parameters are the detector's; none by default.</summary>
    protected internal virtual IReadOnlyList<NetworkPart> Parts => [];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) Forget();
        base.Dispose(disposing);
    }

    private void Forget()
    {
        foreach (NetworkPart part in Parts) part.Forget();
    }

    /// <summary>The losses of a batch, under torchvision's names, with gradients to the trainable parameters.</summary>
    /// <param name="batch">Images with their ground truth, in pixels of each original image, before the model's own resizing.</param>
    /// <remarks>Crowd annotations are ignored. An image without objects is trained as background.</remarks>
    public abstract Losses ComputeLosses(DetectionBatch batch);
}
