using Vision.Backbones;
using Vision.Detection;
using Vision.Segmentation;
using Vision.Weights;

namespace Vision.Training;

/// <summary>Resolves weights: a file, or the name of published weights, which are downloaded if they are not on this machine yet.</summary>
public static class PublishedFile
{
    private const string ImageNet = "imagenet", Coco = "coco";

    /// <summary>Returns the file of weights.</summary>
    /// <param name="weights">A file, or a name such as "coco" or "imagenet"; null for none.</param>
    /// <param name="model">The model that the weights are for.</param>
    /// <param name="backbone">A backbone in place of the one in the model's name.</param>
    /// <param name="toStartFrom">Whether training starts from the weights, so that those of only the backbone are accepted.</param>
    /// <param name="download">Downloads a URL into the cache and returns the file; null to download silently.</param>
    /// <param name="cancellation">Cancels a download.</param>
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
            ? $"There is no weights file {weights}: check the path."
            : $"There is no weights file {weights}, and the published weights of {model} are called {names}: give a file or " +
                "one of these names.");
    }

    /// <summary>The URLs by name: for a classifier its own weights; for a detector or segmenter those of the whole model and, to start
    /// training, of its backbone.</summary>
    private static Dictionary<string, string> Published(string model, string? backbone, bool toStartFrom)
    {
        Dictionary<string, string> urls = new(StringComparer.OrdinalIgnoreCase);
        ModelKind kind = ModelKinds.Of(model);
        string? own = kind switch
        {
            ModelKind.Segmenter => SegmenterCatalog.BackboneOf(model),
            ModelKind.Detector => DetectorCatalog.BackboneOf(model),
            _ => null,
        };
        string? network = own is null ? model : toStartFrom ? backbone ?? own : null;
        if (network is not null)
        {
            BackboneFacts facts = BackboneRegistry.Get(network).Facts;
            foreach (PublishedWeights entry in facts.Weights) urls[entry.Name] = entry.Url;
            if (facts.Default is { } usual) urls[ImageNet] = usual.Url;
        }
        string? whole = own is null || backbone is not null ? null
            : kind == ModelKind.Segmenter ? SegmenterCatalog.ArchitectureOf(model).CocoWeights.GetValueOrDefault(model)
            : DetectorCatalog.CocoWeightsOf(model);
        if (whole is not null) urls[Coco] = whole;
        return urls;
    }
}
