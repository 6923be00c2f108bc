using System.Text.Json.Serialization;
using Vision.Data;

namespace Vision.Evaluation;

/// <summary>
/// What each image contributes to a metric: enough to compute the metric again as if some images had been left out and others shown
/// several times, which is how <see cref="PairedBootstrap"/> finds out how much it depends on the choice of images.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "task")]
[JsonDerivedType(typeof(DetectionImageResults), "detection")]
[JsonDerivedType(typeof(SegmentationImageResults), "segmentation")]
[JsonDerivedType(typeof(ClassificationImageResults), "classification")]
public abstract record ImageResults
{
    /// <summary>The name of the metric, such as AP; higher is better.</summary>
    [JsonIgnore]
    public abstract string Metric { get; }

    /// <summary>The folder that <see cref="Images"/> are in; empty if they are paths already.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The images' names, in the order in which they were evaluated.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>The metric of all images, each counted once.</summary>
    [JsonIgnore]
    public double Value => Of([.. Enumerable.Repeat(1, Images.Count)]);

    /// <summary>The metric if each image occurs a given number of times. May be called from several threads at once.</summary>
    /// <param name="times">How often each of <see cref="Images"/> occurs, 0 or more.</param>
    /// <returns>The metric in [0, 1]; −1 if it is undefined, since nothing is left to find.</returns>
    /// <exception cref="ArgumentException">There is not a number for each image.</exception>
    public double Of(IReadOnlyList<int> times) => times.Count == Images.Count ? Compute([.. times])
        : throw new ArgumentException($"There are {times.Count} numbers for {Images.Count} images.", nameof(times));

    /// <summary>The same with names relative to the folder that all images have in common, so that a data set that was moved, or is on
    /// another machine, is still known to be the same.</summary>
    internal ImageResults InFolder()
    {
        if (Folder.Length > 0) return this;
        string folder = CommonFolder.Of(Images);
        return this with { Folder = folder, Images = CommonFolder.Relative(Images, folder) };
    }

    /// <summary>The metric if each image occurs a given number of times.</summary>
    private protected abstract double Compute(int[] times);

    /// <summary>Checks what was read from a file.</summary>
    /// <exception cref="FormatException">The parts do not fit together.</exception>
    internal abstract void Validate();

    private protected static void Require(bool fits)
    {
        if (!fits) throw new FormatException("its tables do not fit together");
    }
}
