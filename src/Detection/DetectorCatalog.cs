using Vision.Backbones;
using Vision.Data;
using Vision.Ops;

namespace Vision.Detection;

/// <summary>Every detector by its name: torchvision's names, with any registered backbone in the place of the one in the name.</summary>
public static class DetectorCatalog
{
    private const string FasterRcnnPrefix = "fasterrcnn_";
    private const string FpnSuffix = "_fpn";

    /// <summary>The names, such as <c>fasterrcnn_resnet50_fpn</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. BackboneRegistry.Names.Select(backbone => FasterRcnnPrefix + backbone + FpnSuffix)];

    /// <summary>The backbone in a detector's name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static string BackboneOf(string name) => name[FasterRcnnPrefix.Length..^FpnSuffix.Length];

    /// <summary>Where torchvision publishes the detector's weights for COCO; null for those that it does not publish.</summary>
    /// <param name="name">A detector's name.</param>
    public static string? CocoWeightsOf(string name) => name == "fasterrcnn_resnet50_fpn" ? "https://download.pytorch.org/models/fasterrcnn_resnet50_fpn_coco-258fb6c6.pth" : null;

    /// <summary>A detector with freshly drawn weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">All else; <see cref="DetectorOptions.Backbone"/> replaces the backbone in the name.</param>
    /// <exception cref="InputException">No detector or no backbone is called that; the message names similar ones.</exception>
    public static Detector Create(string name, DetectorOptions options)
    {
        if (!Names.Contains(name))
            throw new InputException($"No detector is called '{name}'; {SimilarNames.Advice(name, Names)}");
        string backbone = options.Backbone ?? BackboneOf(name);
        if (!BackboneRegistry.Names.Contains(backbone))
            throw new InputException($"No backbone is called '{backbone}'; {SimilarNames.Advice(backbone, BackboneRegistry.Names)}");
        Backbone body = BackboneRegistry.Create(backbone, new BackboneOptions { NumClasses = 0, Norm = options.Norm });
        body.FreezeStages(options.FrozenStages);
        FasterRcnn detector = new(new BackboneWithFpn(body), options);
        if (options.ChannelsLast) MemoryFormat.ChannelsLast(detector);
        return detector;
    }
}
