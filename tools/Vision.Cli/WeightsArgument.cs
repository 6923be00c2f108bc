using Spectre.Console;
using Vision.Backbones;
using Vision.Weights;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Detection;
using Vision.Segmentation;

namespace Vision.Cli;

/// <summary>What <c>--weights</c> stands for: a file, or the name of published weights, which are fetched where they are not on this machine yet.</summary>
internal static class WeightsArgument
{
    private const string ImageNet = "imagenet", Coco = "coco";

    /// <summary>The file.</summary>
    /// <param name="text">As it was given; null for none.</param>
    /// <param name="model">The model that the weights are for.</param>
    /// <param name="backbone">A backbone in place of the one in the model's name.</param>
    /// <param name="toStartFrom">Whether a training starts from them, for which those of a detector's backbone will do.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="InputException">There is no such file, and no weights of that name.</exception>
    /// <exception cref="WeightsException">The published file cannot be had.</exception>
    public static string? Resolve(string? text, string model, string? backbone = null, bool toStartFrom = false, CancellationToken cancellation = default)
    {
        if (text is null || File.Exists(text)) return text;
        IReadOnlyDictionary<string, string> published = Published(model, backbone, toStartFrom);
        if (!published.TryGetValue(text, out string? url))
            throw new InputException(
                $"--weights {text}: there is no such file{(published.Count == 0 ? "" : $", and the published weights for {model} are called {string.Join(", ", published.Keys.Order(StringComparer.Ordinal))}")}; give a file of weights{(published.Count == 0 ? "" : " or one of these names")}.");
        bool isThere = File.Exists(Path.Combine(WeightCache.Folder, Path.GetFileName(url)));
        if (!isThere) AnsiConsole.WriteLine($"Downloading {url} into {WeightCache.Folder}");
        return ProgressBar.Show(Path.GetFileName(url), report => WeightCache.Get(url, (done, total) => report((int)(done >> 10), (int)(total >> 10)), cancellation));
    }

    /// <summary>The addresses by name: of a classifier its own weights, of a detector or segmenter those of the whole and, to start from, of its backbone.</summary>
    private static Dictionary<string, string> Published(string model, string? backbone, bool toStartFrom)
    {
        Dictionary<string, string> urls = new(StringComparer.OrdinalIgnoreCase);
        ModelKind kind = ModelKinds.Of(model);
        string? own = kind switch
        {
            ModelKind.Segmenter => SegmenterCatalog.BackboneOf(model),
            ModelKind.Detector when DetectorCatalog.Names.Contains(model) => DetectorCatalog.BackboneOf(model),
            _ => null,
        };
        string? network = own is null ? model : toStartFrom ? backbone ?? own : null;
        if (network is not null && BackboneRegistry.Names.Contains(network))
        {
            BackboneFacts facts = BackboneRegistry.Get(network).Facts;
            foreach (PublishedWeights weights in facts.Weights) urls[weights.Name] = weights.Url;
            if (facts.Default is { } usual) urls[ImageNet] = usual.Url;
        }
        string? whole = own is null || backbone is not null ? null
            : kind == ModelKind.Segmenter ? SegmenterCatalog.ArchitectureOf(model).CocoWeights.GetValueOrDefault(model) : DetectorCatalog.CocoWeightsOf(model);
        if (whole is not null) urls[Coco] = whole;
        return urls;
    }
}
