using Vision.Backbones;
using Vision.Data;
using Vision.Ops;

namespace Vision.Detection;

/// <summary>Every detector by its name: torchvision's names, with any registered backbone in the place of the one in the name.</summary>
public static class DetectorCatalog
{
    // Each file of a detector has its architectures; this is where they meet.
    private static readonly DetectorArchitecture[] architectures =
    [
        .. FasterRcnn.Architectures, .. MaskRcnn.Architectures, .. KeypointRcnn.Architectures, .. CascadeRcnn.Architectures,
        .. RetinaNet.Architectures, .. Fcos.Architectures, .. Ssd.Architectures, .. YoloV3.Architectures, .. YoloX.Architectures,
            .. Detr.Architectures,
    ];

    private static readonly Dictionary<string, (DetectorArchitecture Architecture, string Backbone)> entries = architectures
        .SelectMany(architecture => BackboneRegistry.Names.Where(architecture.SupportsBackbone)
            .Select(backbone => (Architecture: architecture, Backbone: backbone)))
        .ToDictionary(entry => entry.Architecture.NameOn(entry.Backbone));

    /// <summary>The names, such as <c>fasterrcnn_resnet50_fpn</c>.</summary>
    public static IReadOnlyCollection<string> Names => entries.Keys;

    /// <summary>Each kind of detector on the backbone that it is known on.</summary>
    public static IReadOnlyList<string> UsualNames { get; } =
        [.. architectures.Select(architecture => architecture.NameOn(architecture.UsualBackbone))];

    /// <summary>The kind of detector that a name stands for.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InputException">No detector is called that.</exception>
    public static DetectorArchitecture ArchitectureOf(string name) => Entry(name).Architecture;

    /// <summary>The backbone in a detector's name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InputException">No detector is called that.</exception>
    public static string BackboneOf(string name) => Entry(name).Backbone;

    /// <summary>Where the detector's weights for COCO are published; null for those that are not.</summary>
    /// <param name="name">A detector's name.</param>
    /// <exception cref="InputException">No detector is called that.</exception>
    public static string? CocoWeightsOf(string name) => ArchitectureOf(name).CocoWeights.GetValueOrDefault(name);

    /// <summary>The options that a detector was published with: sizes of images, normalization, thresholds.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="numClasses">Classes, background included.</param>
    /// <exception cref="InputException">No detector is called that.</exception>
    public static DetectorOptions DefaultsOf(string name, int numClasses) => ArchitectureOf(name).Defaults(numClasses);

    /// <summary>A detector with freshly drawn weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">All else, best made from <see cref="DefaultsOf"/>;
    /// <see cref="DetectorOptions.Backbone"/> replaces the backbone in the name.</param>
    /// <exception cref="InputException">No detector or no backbone is called that; the message names similar ones.</exception>
    public static Detector Create(string name, DetectorOptions options)
    {
        var (architecture, own) = Entry(name);
        string backbone = options.Backbone ?? own;
        if (!BackboneRegistry.Names.Contains(backbone))
            throw new InputException($"No backbone is called '{backbone}'; {SimilarNames.Advice(backbone, BackboneRegistry.Names)}");
        Detector detector = architecture.Create(options with { Backbone = backbone }, Body);
        if (options.ChannelsLast) MemoryFormat.ChannelsLast(detector);
        return detector;

        Backbone Body(BackboneOptions wanted)
        {
            Backbone body;
            try
            {
                body = BackboneRegistry.Create(backbone,
                    wanted with { NumClasses = 0, Norm = options.Norm, DeformableStages = options.DeformableStages });
            }
            catch (ArgumentException e)
            {
                throw new InputException(
                    $"A {name} cannot have the backbone {backbone}: " +
                    $"{e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal)}", e);
            }
            body.FreezeStages(options.FrozenStages);
            return body;
        }
    }

    private static (DetectorArchitecture Architecture, string Backbone) Entry(string name) =>
        entries.TryGetValue(name, out var entry) ? entry
        : throw new InputException($"No detector is called '{name}'; {SimilarNames.Advice(name, Names)}");
}
