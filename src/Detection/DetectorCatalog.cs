using Vision.Backbones;
using Vision.Ops;

namespace Vision.Detection;

/// <summary>All detectors by name: torchvision's names, in which any registered backbone can replace the original one.</summary>
public static class DetectorCatalog
{
    // Each detector declares its architectures; the catalog collects them.
    private static readonly List<DetectorArchitecture> architectures =
    [
        .. FasterRcnn.Architectures, .. MaskRcnn.Architectures, .. KeypointRcnn.Architectures, .. CascadeRcnn.Architectures,
        .. RetinaNet.Architectures, .. Fcos.Architectures, .. Ssd.Architectures,
        .. YoloV3.Architectures, .. YoloX.Architectures, .. Detr.Architectures,
    ];

    /// <summary>The names, such as <c>fasterrcnn_resnet50_fpn</c>.</summary>
    public static IReadOnlyCollection<string> Names =>
        [.. architectures.SelectMany(architecture =>
            BackboneRegistry.Names.Where(architecture.SupportsBackbone).Select(architecture.NameOn))];

    /// <summary>The name of each kind of detector with its usual backbone.</summary>
    public static IReadOnlyList<string> DefaultNames =>
        [.. architectures.Select(architecture => architecture.NameOn(architecture.DefaultBackbone))];

    /// <summary>Whether there is a detector with this name.</summary>
    public static bool Contains(string name) => architectures.Any(architecture => architecture.BackboneIn(name) is not null);

    /// <summary>Adds a custom kind of detector: from then on it is trained, saved, loaded and listed like the others. Call it at the start
    /// of a program, before other threads use the catalog.</summary>
    /// <exception cref="ArgumentException">One of its names is taken.</exception>
    public static void Add(DetectorArchitecture architecture)
    {
        if (Names.Intersect(BackboneRegistry.Names.Select(architecture.NameOn)).FirstOrDefault() is { } taken)
            throw new ArgumentException($"There already is a detector called '{taken}'; choose another prefix.", nameof(architecture));
        architectures.Add(architecture);
    }

    /// <summary>The architecture of a detector's name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="UnknownNameException">No detector has this name.</exception>
    public static DetectorArchitecture ArchitectureOf(string name) => Entry(name).Architecture;

    /// <summary>The backbone in a detector's name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="UnknownNameException">No detector has this name.</exception>
    public static string BackboneOf(string name) => Entry(name).Backbone;

    /// <summary>The URL of the detector's published COCO weights; null if there are none.</summary>
    /// <param name="name">A detector's name.</param>
    /// <exception cref="UnknownNameException">No detector has this name.</exception>
    public static string? CocoWeightsOf(string name) => ArchitectureOf(name).CocoWeights.GetValueOrDefault(name);

    /// <summary>The options that a detector was published with: image sizes, normalization, thresholds.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="numClasses">Number of classes, background included.</param>
    /// <exception cref="UnknownNameException">No detector has this name.</exception>
    public static DetectorOptions DefaultsOf(string name, int numClasses) => ArchitectureOf(name).Defaults(numClasses);

    /// <summary>A detector with randomly initialized weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">The options, preferably derived from <see cref="DefaultsOf"/>;
    /// <see cref="DetectorOptions.Backbone"/> replaces the backbone in the name.</param>
    /// <exception cref="UnknownNameException">No detector or backbone has this name.</exception>
    public static Detector Create(string name, DetectorOptions options)
    {
        var (architecture, own) = Entry(name);
        string backbone = options.Backbone ?? own;
        BackboneEntry entry = BackboneRegistry.Get(backbone);
        Detector detector = architecture.Create(options with { Backbone = backbone }, Body);
        if (options.ChannelsLast) MemoryFormat.ChannelsLast(detector);
        return detector;

        Backbone Body(BackboneOptions wanted)
        {
            Backbone body;
            try
            {
                body = entry.Create(
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

    private static (DetectorArchitecture Architecture, string Backbone) Entry(string name)
    {
        foreach (DetectorArchitecture architecture in architectures)
            if (architecture.BackboneIn(name) is { } backbone) return (architecture, backbone);
        throw new UnknownNameException("detector", name, Names);
    }
}
