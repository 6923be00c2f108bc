using OpenCvSharp;
using TorchSharp;
using Vision.Data;
using Vision.Evaluation;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>A detector with its weights and the names of its classes, ready to predict.</summary>
/// <example><code>
/// using var detector = TrainedDetector.Load("runs/fasterrcnn_resnet18_fpn-1/best.safetensors");
/// foreach (var found in detector.Predict("photo.jpg")) Console.WriteLine($"{found.Category.Name} {found.Score:0.00} {found.Box}");
/// </code></example>
public sealed class TrainedDetector : TrainedModel<Detections>
{
    private const int PublishedClasses = 91;

    private TrainedDetector(Detector model, DetectorDescription description, Device device) : base(device)
    {
        Model = model;
        Description = description;
    }

    /// <summary>The network, in evaluation mode.</summary>
    public Detector Model { get; }

    /// <summary>What was read with the weights, or is taken for granted of published ones.</summary>
    public DetectorDescription Description { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Category> Categories => Description.Categories;

    /// <summary>The least score of what <c>Predict</c> gives, in [0, 1]: 0.5, below which a
    /// detection is more likely wrong than right.</summary>
    public float ScoreThreshold { get; set; } = 0.5f;

    /// <summary>Loads a detector.</summary>
    /// <param name="weights">
    /// A file of the toolkit's own, which says what it holds, or published weights, which do not: of 91 classes they are taken for COCO's.
    /// </param>
    /// <param name="model">The name in <see cref="DetectorCatalog"/>; may be left out where the file says it.</param>
    /// <param name="backbone">The backbone in place of the one in the name, likewise.</param>
    /// <param name="device">Where to compute; the CPU by default.</param>
    /// <param name="configure">Changes the network's options, such as the sizes of images or the thresholds of its scores.</param>
    /// <exception cref="WeightsException">The file cannot be read, or holds another model than the one named.</exception>
    /// <exception cref="InputException">No model or backbone is called that.</exception>
    public static TrainedDetector Load(
        string weights, string? model = null, string? backbone = null, Device? device = null,
            Func<DetectorOptions, DetectorOptions>? configure = null)
    {
        DetectorDescription? described = DetectorDescription.FromMetadata(WeightFile.ReadMetadata(weights), weights);
        string name = model ?? described?.Model ?? throw new WeightsException($"{weights} does not say which model it holds: name it.");
        if (described is not null && described.Model != name)
            throw new WeightsException($"{weights} holds a {described.Model}, not a {name}: name that model.");
        if (described is not null && backbone is not null && backbone != described.Options.Backbone)
            throw new WeightsException(
                $"{weights} holds a {name} on {described.Options.Backbone ?? "its own backbone"}, not on {backbone}: leave the backbone " +
                "out.");

        var tensors = WeightFile.Read(weights);
        try
        {
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
                    $"{weights} is damaged: it names {categories.Count} classes, and its weights are for {shown.NumClasses}.");
            options = configure?.Invoke(options) ?? options;

            Detector detector = DetectorCatalog.Create(name, options);
            DetectorWeights.Load(detector, tensors, weights);
            Device place = device ?? CPU;
            detector.to(place);
            detector.eval();
            return new(detector, new() { Model = name, Categories = categories, Options = options }, place);
        }
        finally
        {
            foreach (Tensor tensor in tensors.Values) tensor.Dispose();
        }
    }

    /// <inheritdoc/>
    /// <returns>The objects with a score of at least <see cref="ScoreThreshold"/>, the
    /// surest first; boxes in pixels of the image.</returns>
    public override Detections Predict(Tensor image)
    {
        using var scope = NewDisposeScope();
        return Model.call([image.to(Device)])[0].Above(ScoreThreshold) with { Categories = Categories };
    }

    /// <summary>Measures the detector by COCO's rules: boxes, and masks and keypoints where both sides have them.</summary>
    /// <param name="dataset">Images whose classes are the detector's, in its order.</param>
    /// <param name="progress">Is told (images done, images in all).</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    /// <exception cref="InputException">No image can be read.</exception>
    public DetectionMetrics Evaluate(DetectionDataset dataset, Action<int, int>? progress = null,
        CancellationToken cancellation = default) =>
        DetectorEvaluation.Run(Model, dataset, progress, cancellation);

    /// <summary>Where in an image there are objects, whatever their class.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <returns>[h, w], in [0, 1], over the whole image: as of <see cref="Detector.Objectness"/>.</returns>
    /// <exception cref="NotSupportedException">This detector proposes no regions.</exception>
    public Tensor Objectness(Mat image)
    {
        using var scope = NewDisposeScope();
        return Model.Objectness([ImageTensor.From(image).to(Device)])[0].MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Dispose() => Model.Dispose();

    private static IReadOnlyList<Category> PublishedCategories(int numClasses) => numClasses == PublishedClasses
        ? CocoCategories.WithUnused
        : [.. Enumerable.Range(1, numClasses - 1).Select(label => new Category(label, $"class {label}"))];
}
