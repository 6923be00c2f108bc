using OpenCvSharp;
using TorchSharp;
using Vision.Data;
using Vision.Evaluation;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>A segmenter with its weights and the names of its classes, ready to predict.</summary>
public sealed class TrainedSegmenter : TrainedModel<SegmentationMap>
{
    /// <summary>The shorter side that torchvision's weights were trained and are measured at, in pixels.</summary>
    private const int PublishedSide = 520;

    private TrainedSegmenter(Segmenter model, SegmenterDescription description, Device device) : base(device)
    {
        Model = model;
        Description = description;
        View = new() { ShorterSide = description.ShorterSide };
    }

    /// <summary>The network, in evaluation mode.</summary>
    public Segmenter Model { get; }

    /// <summary>What was read with the weights, or taken for granted of published ones.</summary>
    public SegmenterDescription Description { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Category> Categories => Description.Categories;

    /// <inheritdoc/>
    public override IReadOnlyList<(byte Red, byte Green, byte Blue)>? Colors => Description.Colors;

    /// <summary>How the model sees images: at the size of training, once and whole, unless it is set otherwise.</summary>
    public SegmenterView View { get; set; }

    /// <summary>Loads a segmenter.</summary>
    /// <param name="weights">A file of the toolkit's own, which says what it holds, or published weights, which
    /// do not: of 21 classes they are taken for Pascal VOC's.</param>
    /// <param name="model">The name in <see cref="SegmenterCatalog"/>; may be left out where the file says it.</param>
    /// <param name="backbone">The backbone in place of the one in the name, likewise.</param>
    /// <param name="device">Where to compute; the CPU by default.</param>
    /// <param name="configure">Changes the network's options.</param>
    /// <exception cref="WeightsException">The file cannot be read, or holds another model than the one named.</exception>
    /// <exception cref="InputException">No model or backbone is called that.</exception>
    public static TrainedSegmenter Load(string weights, string? model = null, string? backbone = null, Device? device = null,
        Func<SegmenterOptions, SegmenterOptions>? configure = null)
    {
        SegmenterDescription? described = SegmenterDescription.FromMetadata(WeightFile.ReadMetadata(weights), weights);
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
            // Prediction needs no auxiliary head, and the file may have been made without.
            SegmenterOptions shown = SegmenterWeights.OptionsFor(name, tensors, weights);
            SegmenterOptions options = (described?.Options ?? shown with { Backbone = backbone }) with { Auxiliary = shown.Auxiliary,
                ChannelsLast = true };
            SegmenterDescription description = described
                ?? new() { Model = name, Options = options, Categories = UsualCategories.ForPixels(options.NumClasses),
                    ShorterSide = PublishedSide };
            if (description.Categories.Count != shown.NumClasses)
                throw new WeightsException(
                    $"{weights} is damaged: it names {description.Categories.Count} classes, and its weights are for {shown.NumClasses}.");
            options = configure?.Invoke(options) ?? options;
            Segmenter network = SegmenterCatalog.Create(name, options);
            network.LoadWeights(tensors, weights);
            Device place = device ?? CPU;
            network.to(place);
            network.eval();
            return new(network, description, place);
        }
        finally
        {
            foreach (Tensor tensor in tensors.Values) tensor.Dispose();
        }
    }

    /// <inheritdoc/>
    /// <returns>The class of each pixel.</returns>
    public override SegmentationMap Predict(Tensor image) => new SegmenterViews(Model, View).Map(image);

    /// <inheritdoc/>
    /// <returns>The class of each pixel.</returns>
    public override SegmentationMap Predict(Mat image) => new SegmenterViews(Model, View).Map(image);

    /// <summary>Measures the segmenter, looking at images as <see cref="View"/> says.</summary>
    /// <param name="dataset">Images whose classes are the segmenter's, in its order.</param>
    /// <param name="progress">Is told (images done, images in all).</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    /// <exception cref="InputException">No image can be read.</exception>
    public SegmentationMetrics Evaluate(SegmentationDataset dataset, Action<int, int>? progress = null,
        CancellationToken cancellation = default) =>
        SegmenterEvaluation.Run(Model, View, dataset, progress, cancellation);

    /// <summary>The probability of each class at each pixel, float32 [classes, H, W], on the device.</summary>
    /// <param name="image">RGB, 8 bits, of any size.</param>
    public Tensor Probabilities(Mat image)
    {
        using var scope = NewDisposeScope();
        return Probabilities(ImageTensor.From(image)).MoveToOuterDisposeScope();
    }

    /// <summary>The probability of each class at each pixel, float32 [classes, H, W], on the device.</summary>
    /// <param name="image">RGB, float32 [3, H, W] in [0, 1].</param>
    public Tensor Probabilities(Tensor image) => new SegmenterViews(Model, View).Probabilities(image);

    /// <inheritdoc/>
    public override void Dispose() => Model.Dispose();
}
