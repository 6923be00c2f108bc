using Vision.Backbones;
using Vision.Data;
using Vision.Ops;

namespace Vision.Segmentation;

/// <summary>All segmenters by name: torchvision's names, in which any registered backbone can replace the original one.</summary>
public static class SegmenterCatalog
{
    // Each head declares its architectures; the catalog collects them.
    private static readonly List<SegmenterArchitecture> architectures =
    [
        .. FcnHead.Architectures, .. SkipFcnHead.Architectures, .. DeepLabV1Head.Architectures, .. DeepLabV2Head.Architectures,
        .. DeepLabV3Head.Architectures, .. DeepLabV3PlusHead.Architectures, .. UNetHead.Architectures, .. UNetPlusPlusHead.Architectures,
        .. PspHead.Architectures, .. UPerHead.Architectures, .. SemanticFpnHead.Architectures, .. LrasppHead.Architectures,
    ];

    /// <summary>The names, such as <c>deeplabv3_resnet50</c>.</summary>
    public static IReadOnlyCollection<string> Names =>
        [.. architectures.SelectMany(architecture => BackboneRegistry.Names.Select(architecture.NameOn))];

    /// <summary>The name of each kind of segmenter with its usual backbone.</summary>
    public static IReadOnlyList<string> DefaultNames =>
        [.. architectures.Select(architecture => architecture.NameOn(architecture.DefaultBackbone))];

    /// <summary>Whether there is a segmenter with this name.</summary>
    public static bool Contains(string name) => architectures.Any(architecture => architecture.BackboneIn(name) is not null);

    /// <summary>Adds a custom kind of segmenter: from then on it is trained, saved, loaded and listed like the others. Call it at the start
    /// of a program, before other threads use the catalog.</summary>
    /// <exception cref="ArgumentException">One of its names is taken.</exception>
    public static void Add(SegmenterArchitecture architecture)
    {
        if (Names.Intersect(BackboneRegistry.Names.Select(architecture.NameOn)).FirstOrDefault() is { } taken)
            throw new ArgumentException($"There already is a segmenter called '{taken}'; choose another prefix.", nameof(architecture));
        architectures.Add(architecture);
    }

    /// <summary>The architecture of a segmenter's name.</summary>
    /// <exception cref="UnknownNameException">No segmenter has this name.</exception>
    public static SegmenterArchitecture ArchitectureOf(string name) => Entry(name).Architecture;

    /// <summary>The backbone in a segmenter's name.</summary>
    /// <exception cref="UnknownNameException">No segmenter has this name.</exception>
    public static string BackboneOf(string name) => Entry(name).Backbone;

    /// <summary>A segmenter with randomly initialized weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">The options; <see cref="SegmenterOptions.Backbone"/> replaces the backbone in the name.</param>
    /// <exception cref="UnknownNameException">No segmenter or backbone has this name.</exception>
    /// <exception cref="InputException">The backbone does not fit the segmenter.</exception>
    public static Segmenter Create(string name, SegmenterOptions options)
    {
        var (architecture, own) = Entry(name);
        string backbone = options.Backbone ?? own;
        BackboneEntry entry = BackboneRegistry.Get(backbone);
        if (options.NumClasses is < 1 or > SegmentationMap.Ignore)
            throw new InputException($"The number of classes is {options.NumClasses}; expected 1 to {SegmentationMap.Ignore}.");
        // As torchvision's MobileNets: a stride of at least 16, and an auxiliary head on the first stage of stride
        // 8, since their last stages have one block each.
        bool mobile = backbone.StartsWith("mobilenet", StringComparison.Ordinal);
        int stride = options.OutputStride ?? (mobile ? Math.Max(16, architecture.OutputStride) : architecture.OutputStride);
        try
        {
            Backbone body = entry.Create(new()
            {
                NumClasses = 0, Norm = options.Norm, OutputStride = stride, MultiGrid = options.MultiGrid,
                Checkpointing = options.Checkpointing, Purpose = BackbonePurpose.Segmenter,
            });
            body.FreezeStages(options.FrozenStages);
            Segmenter model = new(architecture, body, mobile ? StageSelection.FirstOfEight(body.Stages) : body.Stages.Count - 2, options);
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

    private static (SegmenterArchitecture Architecture, string Backbone) Entry(string name)
    {
        foreach (SegmenterArchitecture architecture in architectures)
            if (architecture.BackboneIn(name) is { } backbone) return (architecture, backbone);
        throw new UnknownNameException("segmenter", name, Names);
    }
}
