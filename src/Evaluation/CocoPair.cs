using System.Runtime.ExceptionServices;
using Vision.Data;

namespace Vision.Evaluation;

/// <summary>A ground truth file and a results file that belong together:
/// the entries to evaluate, with image ranks and category indices.</summary>
internal sealed class CocoPair<TTruth, TFound> where TTruth : CocoGroundTruth where TFound : CocoDetection
{
    private readonly string truthFile, detectionFile;
    private readonly CocoImage[] images;
    private readonly Dictionary<long, int> imageRank;
    private readonly Category[] categories;
    private readonly Dictionary<int, int> categoryPlace;
    private readonly TFound[] results;

    /// <summary>Reads both files.</summary>
    /// <param name="truthFile">The annotations.</param>
    /// <param name="detectionFile">The results.</param>
    /// <param name="geometry">The name of the result field with the geometry to evaluate.</param>
    public CocoPair(string truthFile, string detectionFile, string geometry)
    {
        (this.truthFile, this.detectionFile) = (truthFile, detectionFile);
        Task<TFound[]> reading = Task.Run(() => CocoDetection.ReadAll<TFound>(detectionFile, geometry));
        CocoGroundTruthFile<TTruth> truth = CocoGroundTruthFile<TTruth>.Read(truthFile);
        results = reading.GetAwaiter().GetResult();

        images = [.. truth.Images!.DistinctBy(image => image.Id).OrderBy(image => image.Id)];
        imageRank = images.Index().ToDictionary(pair => pair.Item.Id!.Value, pair => pair.Index);
        categories = [.. truth.Categories!.Select(category => new Category(category.Id!.Value, category.Name!))
            .DistinctBy(category => category.Id)];
        categoryPlace = categories.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index);

        TFound? stray = results.FirstOrDefault(result => !imageRank.ContainsKey(result.ImageId!.Value));
        if (stray is not null)
            throw new InputException(
                $"{detectionFile} has detections in image {stray.ImageId}, which is not in {truthFile}: evaluate against the annotations " +
                    "of the same images.");

        // Annotations of images or classes that the file does not list are ignored, as in pycocotools.
        Objects = [.. truth.Annotations!.Where(truth =>
            imageRank.ContainsKey(truth.ImageId!.Value) && categoryPlace.ContainsKey(truth.CategoryId!.Value))];
        Detections = [.. results.Where(result => categoryPlace.ContainsKey(result.CategoryId!.Value))];
    }

    /// <summary>The annotations to evaluate.</summary>
    public TTruth[] Objects { get; }

    /// <summary>The results to evaluate.</summary>
    public TFound[] Detections { get; }

    /// <summary>Which of <see cref="Objects"/> are crowds.</summary>
    public bool[] Crowds => [.. Objects.Select(truth => truth.IsCrowd != 0)];

    /// <summary>Converts each annotation; error messages are prefixed with its file and name.</summary>
    public TResult[] OfObjects<TResult>(Func<TTruth, CocoImage, TResult> convert) =>
        Convert(Objects, truthFile, (truth, place) => truth.Id is { } id ? $"annotation {id}" : $"annotations[{place}]",
            truth => convert(truth, ImageOf(truth.ImageId)));

    /// <summary>Converts each result in the same way.</summary>
    public TResult[] OfDetections<TResult>(Func<TFound, CocoImage, TResult> convert) =>
        Convert(Detections, detectionFile, (result, _) => $"detection {Array.IndexOf(results, result)}",
            result => convert(result, ImageOf(result.ImageId)));

    /// <summary>The tables for the evaluator.</summary>
    /// <param name="overlap">The geometry of <see cref="Objects"/> and <see cref="Detections"/>.</param>
    /// <param name="areas">The area of each of <see cref="Detections"/>;
    /// if it has a box, the area of the box takes precedence, as in pycocotools.</param>
    /// <param name="ignored">Which of <see cref="Objects"/> to ignore besides crowds.</param>
    public EvaluationSet ToSet(IOverlap overlap, Func<int, double> areas, Func<TTruth, bool>? ignored = null) => new()
    {
        Categories = categories,
        ImageCount = images.Length,
        Truths = [.. Objects.Select(o => new GroundTruthEntry(
            imageRank[o.ImageId!.Value], categoryPlace[o.CategoryId!.Value], o.Area!.Value, o.IsCrowd != 0,
            o.IsCrowd != 0 || ignored?.Invoke(o) == true))],
        Detections = [.. Detections.Select((d, i) => new DetectionEntry(
            imageRank[d.ImageId!.Value], categoryPlace[d.CategoryId!.Value], d.Score!.Value,
            d.Bbox is [_, _, double width, double height] ? width * height : areas(i)))],
        Overlap = overlap,
        Notes = [.. Notes()],
    };

    private CocoImage ImageOf(long? id) => images[imageRank[id!.Value]];

    private static TResult[] Convert<T, TResult>(T[] items, string file, Func<T, int, string> name, Func<T, TResult> convert)
    {
        TResult[] converted = new TResult[items.Length];
        try
        {
            Parallel.For(0, items.Length, i =>
            {
                try
                {
                    converted[i] = convert(items[i]);
                }
                catch (InputException e)
                {
                    throw new InputException($"{file}: {name(items[i], i)}: {e.Message}", e);
                }
            });
        }
        catch (AggregateException e) when (e.InnerExceptions[0] is InputException first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
        return converted;
    }

    private IEnumerable<string> Notes()
    {
        if (results.Length == 0) yield return "There are no detections.";
        if (Detections.Length == results.Length) yield break;
        string unknown = ListOf(results.Select(result => result.CategoryId!.Value).Except(categories.Select(category => category.Id)));
        if (Detections.Length == 0)
            yield return $"No category id occurs in both files: detections have {unknown}, the ground truth has " +
                $"{ListOf(categories.Select(category => category.Id))}.";
        else
            yield return $"{results.Length - Detections.Length} of {results.Length} detections are not counted: their category ids " +
                $"({unknown}) are not in the ground truth.";
    }

    private static string ListOf(IEnumerable<int> ids)
    {
        int[] sorted = [.. ids.Distinct().Order()];
        return string.Join(", ", sorted.Take(5)) + (sorted.Length > 5 ? ", …" : "");
    }
}
