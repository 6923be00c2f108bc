using Vision.Backbones;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>A network that finds objects. <c>forward</c> always predicts and <see cref="ComputeLosses"/> always trains: neither depends on a mode.</summary>
public abstract class Detector : nn.Module<Tensor[], Detections[]>
{
    /// <summary>Names the module.</summary>
    protected Detector(string name) : base(name) { }

    /// <summary>The backbone inside.</summary>
    public abstract Backbone Backbone { get; }

    /// <summary>The losses of a batch, under torchvision's names, with gradients to the trainable parameters.</summary>
    /// <param name="batch">Images with their ground truth, in pixels of each image as it is before the model's own resizing.</param>
    /// <remarks>Crowd annotations are not trained on. An image without objects is trained as background.</remarks>
    public abstract Losses ComputeLosses(DetectionBatch batch);
}
