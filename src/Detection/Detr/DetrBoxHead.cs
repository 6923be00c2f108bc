using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Three linear layers that predict a query's box.</summary>
internal sealed class DetrBoxHead : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<Linear> layers;

    public DetrBoxHead(int width) : base(nameof(DetrBoxHead))
    {
        layers = nn.ModuleList<Linear>(nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, 4));
        RegisterComponents();
    }

    /// <summary>[…, width] to center, width and height as fractions of the image: […, 4], each in (0, 1).</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = layers[0].call(x).relu_();
        x = layers[1].call(x).relu_();
        return Autocast.Widen(layers[2].call(x)).sigmoid_().MoveToOuterDisposeScope();
    }
}
