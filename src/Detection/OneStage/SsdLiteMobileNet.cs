using System.Globalization;
using TorchSharp.Modules;
using Vision.Backbones;
using static TorchSharp.torch;
using MobileNetV3 = Vision.Backbones.MobileNetV3;

namespace Vision.Detection;

/// <summary>
/// SSDlite's feature maps from a MobileNetV3 (Howard et al. 2019, arXiv:1905.02244, section 6.3): the expansion in the first block of the
/// last stage, the last stage, and four extra blocks. Keys are torchvision's, <c>features.*</c> and <c>extra.*</c>.
/// </summary>
internal sealed class SsdLiteMobileNet : SsdFeatures
{
    private static readonly int[] widths = [512, 256, 256, 128];

    private readonly ModuleList<Sequential> features;
    private readonly ModuleList<Sequential> extra;

    // In an array, so that its layers, which are already registered as features, are not registered twice.
    private readonly MobileNetV3[] body;

    /// <summary>Uses the layers of a MobileNetV3.</summary>
    /// <param name="network">Built without classes; ownership passes to this object.</param>
    /// <param name="norm">Creates the normalization layers of the extra blocks.</param>
    public SsdLiteMobileNet(MobileNetV3 network, Func<int, nn.Module<Tensor, Tensor>> norm) : base(nameof(SsdLiteMobileNet))
    {
        body = [network];
        SsdLite.Draw(network);
        foreach (var layer in network.modules().OfType<BatchNorm2d>()) layer.momentum = SsdLite.Momentum;

        (string Name, nn.Module<Tensor, Tensor> Module)[] layers = Layers(Child(network, "features"));
        string before = network.Stages[^2].Name;                                                // such as features.12, its last layer
        int first = int.Parse(before[(before.LastIndexOf('.') + 1)..], CultureInfo.InvariantCulture) + 1;
        var split = Layers(Child(layers[first].Module, "block"));
        features = new ModuleList<Sequential>(
            nn.Sequential([.. layers[..first].Select(layer => layer.Module), split[0].Module]),
            // The rest of the block keeps its names, from 1 on.
            nn.Sequential([nn.Sequential(split[1..]), .. layers[(first + 1)..].Select(layer => layer.Module)]));
        int expanded = (int)split[0].Module.parameters().First().shape[0], last = network.Stages[^1].Channels;
        extra = SsdLite.Extras(last, widths, norm);
        Channels = [expanded, last, .. widths];
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Backbone Body => body[0];

    /// <inheritdoc/>
    public override IReadOnlyList<int> Channels { get; }

    /// <inheritdoc/>
    public override Tensor[] forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        Tensor expansion = features[0].call(images);                                            // [N, 672, ⌈H/16⌉, ⌈W/16⌉]
        Tensor[] maps = Extend([expansion, features[1].call(expansion)], extra);
        foreach (Tensor map in maps) map.MoveToOuterDisposeScope();
        return maps;
    }

    /// <inheritdoc/>
    public override void train(bool on = true)
    {
        base.train(on);
        Body.train(on);         // sets the same layers again, but keeps frozen stages in evaluation mode
    }

    private static nn.Module Child(nn.Module parent, string name) => parent.named_children().Single(child => child.name == name).module;

    private static (string Name, nn.Module<Tensor, Tensor> Module)[] Layers(nn.Module parent) =>
        [.. parent.named_children().Select(child => (child.name, (nn.Module<Tensor, Tensor>)child.module))];
}
