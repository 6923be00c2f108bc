using Vision.Detection;
using static TorchSharp.torch;

namespace Vision.Testing;

/// <summary>Untrained detectors that are quick on small images, and find something in them.</summary>
internal static class SmallDetectors
{
    /// <summary>Dense heads begin with scores of about 0.01, of objectness times class where they are two.</summary>
    private const double ReachedUntrained = 1e-6;

    /// <summary>A detector of classes 1 to 4 and 3 keypoints, for small images; on a small backbone unless one is named.</summary>
    public static Detector Small(string name, string? backbone = null, double scoreThreshold = ReachedUntrained,
        Func<DetectorOptions, DetectorOptions>? adapt = null)
    {
        random.manual_seed(3);
        DetectorOptions options = Options(name, backbone, scoreThreshold);
        return DetectorCatalog.Create(name, adapt?.Invoke(options) ?? options);
    }

    /// <summary>The options of <see cref="Small"/>.</summary>
    public static DetectorOptions Options(string name, string? backbone = null, double scoreThreshold = ReachedUntrained)
    {
        DetectorArchitecture architecture = DetectorCatalog.ArchitectureOf(name);
        DetectorOptions options = architecture.Defaults(5);
        if (options.MinSize != options.MaxSize) options = options with { MinSize = 48, MaxSize = 96 };
        if (architecture.Prefix.StartsWith("yolo", StringComparison.Ordinal)) options = options with { MinSize = 128, MaxSize = 128 };
        return options with
        {
            Backbone = backbone ?? Kin(architecture.DefaultBackbone),
            ChannelsLast = true,        // as in the command line
            NumKeypoints = 3,
            // Few regions: the heads are most of the time.
            Roi = options.Roi with { SamplesPerImage = 8, DetectionsPerImage = 5, ScoreThreshold = scoreThreshold },
            Rpn = options.Rpn with { TrainProposals = 50, PredictProposals = 10, ScoreThreshold = 0 },
            RetinaNet = options.RetinaNet with { ScoreThreshold = scoreThreshold },
            Fcos = options.Fcos with { ScoreThreshold = scoreThreshold },
            Ssd = options.Ssd with { ScoreThreshold = scoreThreshold },
            Yolo = options.Yolo with { Width = 32, ScoreThreshold = scoreThreshold },
            Detr = options.Detr with { Queries = 8, Width = 32, EncoderLayers = 2, DecoderLayers = 2, FeedForward = 64 },
        };
    }

    private static string Kin(string backbone) =>
        backbone switch { "resnet50" => "resnet18", "mobilenet_v3_large" => "mobilenet_v3_small", "vgg16" => "vgg11", _ => backbone };
}
