using OpenCvSharp;
using Vision.Data;
using Vision.Evaluation;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>A segmenter with its weights and the names of its classes, ready to predict.</summary>
public sealed class TrainedSegmenter : TrainedModel<SegmentationMap>
{
    /// <summary>The shorter side that torchvision's weights were trained and evaluated with, in pixels.</summary>
    private const int PublishedSide = 520;

    private TrainedSegmenter(Segmenter model, SegmenterDescription description, Device? device)
        : base(model, description, device)
    {
        Model = model;
        Description = description;
        View = new() { ShorterSide = description.ShorterSide };
    }

    /// <summary>The network, in evaluation mode.</summary>
    public Segmenter Model { get; }

    /// <summary>The description that was read with the weights, or is assumed for published ones.</summary>
    public SegmenterDescription Description { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(byte Red, byte Green, byte Blue)>? Colors => Description.Colors;

    /// <summary>How images are fed to the model: by default at the training size, once and whole.</summary>
    public SegmenterView View { get; set; }

    /// <summary>Loads a segmenter.</summary>
    /// <param name="weights">A file that this toolkit saved, which describes itself, or published weights, which
    /// do not: 21 classes are assumed to be Pascal VOC's.</param>
    /// <param name="model">The name in <see cref="SegmenterCatalog"/>; may be omitted if the file contains it.</param>
    /// <param name="backbone">The backbone that replaces the one in the name; may be omitted likewise.</param>
    /// <param name="device">The device to compute on; the CPU by default.</param>
    /// <param name="configure">Changes the network's options.</param>
    /// <exception cref="WeightsException">The file cannot be read, or contains another model than the named one.</exception>
    /// <exception cref="InputException">No model or backbone has this name.</exception>
    public static TrainedSegmenter Load(string weights, string? model = null, string? backbone = null, Device? device = null,
        Func<SegmenterOptions, SegmenterOptions>? configure = null)
    {
        using var scope = NewDisposeScope();
        SegmenterDescription? described = SegmenterDescription.FromMetadata(WeightFile.ReadMetadata(weights), weights);
        string name = NameOf(weights, described, model, backbone);
        var tensors = WeightFile.Read(weights);
        SegmenterOptions shown = SegmenterWeights.OptionsFor(name, tensors, weights);
        // Prediction needs no auxiliary head, and the file may have been saved without one.
        SegmenterOptions options = (described?.Options ?? shown with { Backbone = backbone })
            with { Auxiliary = shown.Auxiliary, ChannelsLast = true };
        IReadOnlyList<Category> categories = described?.Categories ?? DefaultCategories.ForPixels(options.NumClasses);
        if (categories.Count != shown.NumClasses)
            throw new WeightsException(
                $"{weights} is damaged: it names {categories.Count} classes, and its weights are for {shown.NumClasses}.");
        options = configure?.Invoke(options) ?? options;

        Segmenter network = SegmenterCatalog.Create(name, options);
        network.LoadWeights(tensors, weights);
        described ??= new() { Model = name, Categories = categories, Options = options, ShorterSide = PublishedSide };
        return new(network, described with { Options = options }, device);
    }

    /// <inheritdoc/>
    /// <returns>The class of each pixel.</returns>
    public override SegmentationMap Predict(Tensor image) => new SegmenterViews(Model, View).Map(image);

    /// <inheritdoc/>
    /// <returns>The class of each pixel.</returns>
    public override SegmentationMap Predict(Mat image) => new SegmenterViews(Model, View).Map(image);

    /// <summary>Compiles the network, so that further predictions are faster (<see cref="Segmenter.Compile"/>).</summary>
    /// <exception cref="PlatformNotSupportedException">This system lacks libtorch's tracer: it is on Linux on x86-64.</exception>
    /// <exception cref="NotSupportedException">The network is on a GPU, or does something that cannot be compiled.</exception>
    public void Compile() => Model.Compile();

    /// <summary>Evaluates the segmenter with the current <see cref="View"/>.</summary>
    /// <param name="dataset">Images with the same classes as the segmenter, in the same order.</param>
    /// <param name="progress">Called with (images done, images in total).</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
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
    /// <param name="image">RGB, [3, H, W], float32 in [0, 1] or uint8.</param>
    public Tensor Probabilities(Tensor image) => new SegmenterViews(Model, View).Probabilities(image);
}
