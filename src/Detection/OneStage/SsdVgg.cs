using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>
/// SSD's feature maps from a VGG (Liu et al. 2016, arXiv:1512.02325): conv4_3, normalized and rescaled, then the former classifier layers
/// as convolutions, then four extra blocks. Keys are torchvision's, <c>features.*</c>, <c>extra.*</c> and <c>scale_weight</c>.
/// </summary>
internal sealed class SsdVgg : SsdFeatures
{
    private const int Conv4Channels = 512;
    private const int FullChannels = 1024;
    private const int FullDilation = 6;
    private const double InitialScale = 20;

    private readonly Sequential features;
    private readonly ModuleList<Sequential> extra;
    private readonly Parameter scale_weight;

    // In an array, so that its layers, which are already registered as features and extra, are not registered twice.
    private readonly Vgg[] body;

    /// <summary>Uses the layers of a VGG.</summary>
    /// <param name="vgg">Built without classes; ownership passes to this object.</param>
    public SsdVgg(Vgg vgg) : base(nameof(SsdVgg))
    {
        body = [vgg];
        nn.Module<Tensor, Tensor>[] layers = [.. vgg.Layers];
        int third = vgg.Poolings[2], fourth = vgg.Poolings[3], last = vgg.Poolings[4];
        // Rounded up, so that 300 pixels result in the paper's map of side 38.
        layers[third] = nn.MaxPool2d(2, 2, null, null, true);
        scale_weight = new Parameter(full(Conv4Channels, InitialScale));
        features = nn.Sequential(layers[..fourth]);
        Sequential full6And7 = nn.Sequential(
            nn.MaxPool2d(3, 1, 1), nn.Conv2d(Conv4Channels, FullChannels, 3, 1, FullDilation, FullDilation), nn.ReLU(true),
            nn.Conv2d(FullChannels, FullChannels, 1), nn.ReLU(true));
        DrawXavier(full6And7);
        extra = new ModuleList<Sequential>(
            nn.Sequential([.. layers[fourth..last], full6And7]),
            Extra(FullChannels, 512, 2), Extra(512, 256, 2), Extra(256, 256, 1), Extra(256, 256, 1));
        RegisterComponents();
        this.DetachOwnTensors();
    }

    /// <inheritdoc/>
    public override Backbone Body => body[0];

    /// <inheritdoc/>
    public override IReadOnlyList<int> Channels { get; } = [Conv4Channels, FullChannels, 512, 256, 256, 256];

    /// <inheritdoc/>
    public override Tensor[] forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        Tensor conv4 = features.call(images);                                                   // [N, 512, ⌈H/8⌉, ⌈W/8⌉]
        Tensor[] maps = Extend([conv4], extra);
        maps[0] = scale_weight.view(1, -1, 1, 1) * normalize(conv4);
        foreach (Tensor map in maps) map.MoveToOuterDisposeScope();
        return maps;
    }

    /// <inheritdoc/>
    public override void train(bool on = true)
    {
        base.train(on);
        Body.train(on);         // sets the same layers again, but keeps frozen stages in evaluation mode
    }
}
