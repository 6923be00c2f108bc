using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The backbone under the key of the published weights, <c>body</c>;
/// its last stage is the input of the transformer.</summary>
internal sealed class DetrBackbone : nn.Module<Tensor, Tensor>
{
    private readonly Backbone body;

    public DetrBackbone(Backbone body) : base(nameof(DetrBackbone))
    {
        this.body = body;
        RegisterComponents();
    }

    public Backbone Body => body;

    /// <summary>[N, 3, H, W] to [N, channels, ⌈H/s⌉, ⌈W/s⌉], s = 32, or 16 if the last stage is dilated.</summary>
    public override Tensor forward(Tensor images) => body.forward_features(images, -1)[0];
}
