using Vision.Backbones;
using Vision.Detection;
using Vision.Segmentation;
using Vision.Weights;

namespace Vision.Training;

/// <summary>Finds the weights that a user means: a file, or published weights by their name, which are
/// downloaded where they are not on this machine yet.</summary>
public static class PublishedFile
{
    private const string ImageNet = "imagenet", Coco = "coco";

    /// <summary>The file.</summary>
    /// <param name="weights">A file, or a name such as "coco" or "imagenet"; null for none.</param>
    /// <param name="model">The model that the weights are for.</param>
    /// <param name="backbone">A backbone in place of the one in the model's name.</param>
    /// <param name="toStartFrom">Whether a training starts from them, for which those of a detector's backbone will do.</param>
    /// <param name="download">Downloads an address into the cache and gives the file; null does it silently.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <returns>The file; null for none.</returns>
    /// <exception cref="InputException">There is no such file and there are no weights of
    /// that name, or they cannot be downloaded.</exception>
    public static string? Resolve(
        string? weights, string model, string? backbone = null, bool toStartFrom = false,
            Func<string, CancellationToken, string>? download = null, CancellationToken cancellation = default)
    {
        if (weights is null || File.Exists(weights)) return weights;
        IReadOnlyDictionary<string, string> published = Published(model, backbone, toStartFrom);
        if (published.TryGetValue(weights, out string? url))
            return download is null ? WeightCache.Get(url, cancellation: cancellation) : download(url, cancellation);
        string names = string.Join(", ", published.Keys.Order(StringComparer.Ordinal));
        throw new InputException(published.Count == 0
            ? $"There is no file of weights called {weights}: check the path."
            : $"There is no file of weights called {weights}, and the published weights for {model} are called {names}: give a file or " +
                "one of these names.");
    }

    /// <summary>The addresses by name: of a classifier its own weights, of a detector or segmenter those
    /// of the whole and, to start from, of its backbone.</summary>
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
            foreach (PublishedWeights entry in facts.Weights) urls[entry.Name] = entry.Url;
            if (facts.Default is { } usual) urls[ImageNet] = usual.Url;
        }
        string? whole = own is null || backbone is not null ? null
            : kind == ModelKind.Segmenter
                ? SegmenterCatalog.ArchitectureOf(model).CocoWeights.GetValueOrDefault(model) : DetectorCatalog.CocoWeightsOf(model);
        if (whole is not null) urls[Coco] = whole;
        return urls;
    }
}
