using Vision.Backbones;
using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>Every segmenter by its name: torchvision's names, with any registered backbone in the place of the one in the name.</summary>
public static class SegmenterCatalog
{
    // Each file of a head has its architectures; this is where they meet.
    private static readonly SegmenterArchitecture[] architectures =
    [
        .. FcnHead.Architectures, .. SkipFcnHead.Architectures, .. LargeFovHead.Architectures, .. SummedAtrousHead.Architectures,
            .. DeepLabV3Head.Architectures,
        .. DeepLabV3PlusHead.Architectures, .. UNetHead.Architectures, .. UNetPlusPlusHead.Architectures, .. PspHead.Architectures,
            .. UPerHead.Architectures,
        .. SemanticFpnHead.Architectures, .. LrasppHead.Architectures,
    ];

    private static readonly Dictionary<string, (SegmenterArchitecture Architecture, string Backbone)> entries = architectures
        .SelectMany(architecture => BackboneRegistry.Names.Select(backbone => (Architecture: architecture, Backbone: backbone)))
        .ToDictionary(entry => entry.Architecture.NameOn(entry.Backbone));

    /// <summary>Adds a kind of segmenter of a program's own: from then on it is trained, saved, loaded and listed like the others. For the
    /// start of a program, before other threads use the catalog.</summary>
    /// <exception cref="ArgumentException">Its names are taken.</exception>
    public static void Add(SegmenterArchitecture architecture)
    {
        foreach (string backbone in BackboneRegistry.Names) entries.Add(architecture.NameOn(backbone), (architecture, backbone));
    }

    /// <summary>The names, such as <c>deeplabv3_resnet50</c>.</summary>
    public static IReadOnlyCollection<string> Names => entries.Keys;

    /// <summary>Each kind of segmenter on the backbone that it is known on.</summary>
    public static IReadOnlyList<string> UsualNames { get; } =
        [.. architectures.Select(architecture => architecture.NameOn(architecture.UsualBackbone))];

    /// <summary>The kind of segmenter that a name stands for.</summary>
    /// <exception cref="InputException">No segmenter is called that.</exception>
    public static SegmenterArchitecture ArchitectureOf(string name) => Entry(name).Architecture;

    /// <summary>The backbone in a segmenter's name.</summary>
    /// <exception cref="InputException">No segmenter is called that.</exception>
    public static string BackboneOf(string name) => Entry(name).Backbone;

    /// <summary>A segmenter with freshly drawn weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">All else; <see cref="SegmenterOptions.Backbone"/> replaces the backbone in the name.</param>
    /// <exception cref="InputException">No segmenter or no backbone is called that, or the two do not go together.</exception>
    public static Segmenter Create(string name, SegmenterOptions options)
    {
        var (architecture, own) = Entry(name);
        string backbone = options.Backbone ?? own;
        if (!BackboneRegistry.Names.Contains(backbone))
            throw new InputException($"No backbone is called '{backbone}'; {SimilarNames.Advice(backbone, BackboneRegistry.Names)}");
        if (options.NumClasses is < 1 or > SegmentationMap.Ignore)
            throw new InputException($"A segmenter has 1 to {SegmentationMap.Ignore} classes, and {options.NumClasses} were asked for.");
        // As torchvision has MobileNets: no finer than stride 16, and with an auxiliary head where stride
        // 8 begins, since their last stages are one block each.
        bool mobile = backbone.StartsWith("mobilenet", StringComparison.Ordinal);
        int stride = options.OutputStride ?? (mobile ? Math.Max(16, architecture.OutputStride) : architecture.OutputStride);
        try
        {
            Backbone body = BackboneRegistry.Create(backbone, new()
            {
                NumClasses = 0, Norm = options.Norm, OutputStride = stride, MultiGrid = options.MultiGrid,
                    Checkpointing = options.Checkpointing, Purpose = BackbonePurpose.Segmenter,
            });
            body.FreezeStages(options.FrozenStages);
            Segmenter model = new(architecture, body, mobile ? StagePick.FirstOfEight(body.Stages) : body.Stages.Count - 2, options);
            if (options.ChannelsLast) MemoryFormat.ChannelsLast(model);
            return model;
        }
        catch (ArgumentException e)
        {
            throw new InputException(
                $"A {name} cannot have the backbone {backbone} at stride {stride}: " +
                $"{e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal)}", e);
        }
    }

    private static (SegmenterArchitecture Architecture, string Backbone) Entry(string name) =>
        entries.TryGetValue(name, out var entry) ? entry
        : throw new InputException($"No segmenter is called '{name}'; {SimilarNames.Advice(name, Names)}");
}
