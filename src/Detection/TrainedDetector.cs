using OpenCvSharp;
using Vision.Data;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>A detector with its weights and the names of its classes, ready to predict.</summary>
/// <example><code>
/// using var detector = TrainedDetector.Load("runs/fasterrcnn_resnet18_fpn-1/best.safetensors");
/// foreach (var found in detector.Predict("photo.jpg"))
///     Console.WriteLine($"{found.Category.Name} {found.Score:0.00} {found.Box}");
/// </code></example>
public sealed class TrainedDetector : ObjectDetector
{
    private const int PublishedClasses = 91;

    private TrainedDetector(Detector model, DetectorDescription description, Device? device) : base(model, description.Categories, device)
    {
        Model = model;
        Description = description;
    }

    /// <summary>The network, in evaluation mode.</summary>
    public Detector Model { get; }

    /// <summary>The description that was read with the weights, or is assumed for published ones.</summary>
    public DetectorDescription Description { get; }

    /// <summary>Loads a detector.</summary>
    /// <param name="weights">
    /// A file that this toolkit saved, which describes itself, or published weights, which do not: 91 classes are assumed to be COCO's.
    /// </param>
    /// <param name="model">The name in <see cref="DetectorCatalog"/>; may be omitted if the file contains it.</param>
    /// <param name="backbone">The backbone that replaces the one in the name; may be omitted likewise.</param>
    /// <param name="device">The device to compute on; the CPU by default.</param>
    /// <param name="configure">Changes the network's options, such as image sizes, score thresholds or NMS.</param>
    /// <exception cref="WeightsException">The file cannot be read, or contains another model than the named one.</exception>
    /// <exception cref="InputException">No model or backbone has this name.</exception>
    public static TrainedDetector Load(
        string weights, string? model = null, string? backbone = null, Device? device = null,
        Func<DetectorOptions, DetectorOptions>? configure = null)
    {
        using var scope = NewDisposeScope();
        DetectorDescription? described = DetectorDescription.FromMetadata(WeightFile.ReadMetadata(weights), weights);
        string name = NameOf(weights, described, model, backbone);
        var tensors = WeightFile.Read(weights);
        DetectorOptions shown = DetectorWeights.OptionsFor(name, tensors, weights);
        DetectorOptions options = (described switch
        {
            null => shown with { Backbone = backbone },
            { IsComplete: true } => described.Options,
            { Options: var early } => shown with
            {
                Backbone = early.Backbone, Norm = early.Norm ?? shown.Norm,
                MinSize = early.MinSize, MaxSize = early.MaxSize, ImageMean = early.ImageMean, ImageStd = early.ImageStd,
            },
        }) with { ChannelsLast = true };
        IReadOnlyList<Category> categories = described?.Categories ?? PublishedCategories(shown.NumClasses);
        if (categories.Count != shown.NumClasses - 1)
            throw new WeightsException(
                $"{weights} is damaged: it names {categories.Count} classes, but its weights are for {shown.NumClasses} with background.");
        options = configure?.Invoke(options) ?? options;

        Detector detector = DetectorCatalog.Create(name, options);
        DetectorWeights.Load(detector, tensors, weights);
        described ??= new() { Model = name, Categories = categories, Options = options };
        return new(detector, described with { Options = options }, device);
    }

    /// <inheritdoc/>
    public override Detections Detect(Tensor image)
    {
        using var scope = NewDisposeScope();
        return Model.call([image.to(Device)])[0];
    }

    /// <summary>Compiles the network, so that further predictions are faster (<see cref="Detector.Compile"/>).</summary>
    /// <exception cref="PlatformNotSupportedException">This system lacks libtorch's tracer: it is on Linux on x86-64.</exception>
    /// <exception cref="NotSupportedException">The network is on a GPU, or does something that cannot be compiled.</exception>
    public void Compile() => Model.Compile();

    /// <summary>The objectness map of an image, regardless of class.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <returns>[h, w], in [0, 1], over the whole image; see <see cref="Detector.Objectness"/>.</returns>
    /// <exception cref="NotSupportedException">This detector has no region proposal network.</exception>
    public Tensor Objectness(Mat image)
    {
        using var scope = NewDisposeScope();
        return Model.Objectness([ImageTensor.Bytes(image).to(Device)])[0].MoveToOuterDisposeScope();
    }

    private static IReadOnlyList<Category> PublishedCategories(int numClasses) => numClasses == PublishedClasses
        ? CocoCategories.WithUnused
        : [.. Enumerable.Range(1, numClasses - 1).Select(label => new Category(label, $"class {label}"))];
}
