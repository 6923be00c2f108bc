using OpenCvSharp;
using TorchSharp;
using Vision.Weights;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>A segmenter with its weights and the names of its classes, ready to predict.</summary>
public sealed class TrainedSegmenter : IDisposable
{
    /// <summary>The shorter side that torchvision's weights were trained and are measured at, in pixels.</summary>
    private const int PublishedSide = 520;

    private readonly Device device;

    private TrainedSegmenter(Segmenter model, SegmenterDescription description, Device device)
    {
        this.device = device;
        Model = model;
        Description = description;
        View = new() { ShorterSide = description.ShorterSide };
    }

    /// <summary>The network, in evaluation mode.</summary>
    public Segmenter Model { get; }

    /// <summary>What was read with the weights, or taken for granted of published ones.</summary>
    public SegmenterDescription Description { get; }

    /// <summary>The classes: label 0 is the first.</summary>
    public IReadOnlyList<Category> Categories => Description.Categories;

    /// <summary>How images are looked at: at the size of training, once and whole, unless it is set otherwise.</summary>
    public SegmenterView View { get; set; }

    /// <summary>Loads a segmenter.</summary>
    /// <param name="weights">A file of the toolkit's own, which says what it holds, or published weights, which do not: of 21 classes they are taken for Pascal VOC's.</param>
    /// <param name="model">The name in <see cref="SegmenterCatalog"/>; may be left out where the file says it.</param>
    /// <param name="backbone">The backbone in place of the one in the name, likewise.</param>
    /// <param name="device">Where to compute; the CPU by default.</param>
    /// <exception cref="WeightsException">The file cannot be read, or holds another model than the one named.</exception>
    /// <exception cref="InputException">No model or backbone is called that.</exception>
    public static TrainedSegmenter Load(string weights, string? model = null, string? backbone = null, Device? device = null)
    {
        SegmenterDescription? described = SegmenterDescription.FromMetadata(WeightFile.ReadMetadata(weights), weights);
        string name = model ?? described?.Model ?? throw new WeightsException($"{weights} does not say which model it holds: name it.");
        if (described is not null && described.Model != name) throw new WeightsException($"{weights} holds a {described.Model}, not a {name}: name that model.");
        if (described is not null && backbone is not null && backbone != described.Options.Backbone)
            throw new WeightsException($"{weights} holds a {name} on {described.Options.Backbone ?? "its own backbone"}, not on {backbone}: leave the backbone out.");

        var tensors = WeightFile.Read(weights);
        try
        {
            // Prediction needs no auxiliary head, and the file may have been made without.
            SegmenterOptions shown = SegmenterWeights.OptionsFor(name, tensors, weights);
            SegmenterOptions options = (described?.Options ?? shown with { Backbone = backbone }) with { Auxiliary = shown.Auxiliary, ChannelsLast = true };
            SegmenterDescription description = described
                ?? new() { Model = name, Options = options, Categories = UsualCategories.ForPixels(options.NumClasses), ShorterSide = PublishedSide };
            if (description.Categories.Count != shown.NumClasses)
                throw new WeightsException($"{weights} is damaged: it names {description.Categories.Count} classes, and its weights are for {shown.NumClasses}.");
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

    /// <summary>The class of each pixel.</summary>
    /// <param name="image">RGB, 8 bits, of any size.</param>
    public SegmentationMap Predict(Mat image)
    {
        using var scope = NewDisposeScope();
        return SegmenterViews.MapOf(Probabilities(image));
    }

    /// <summary>The probability of each class at each pixel, float32 [classes, H, W], on the device.</summary>
    /// <param name="image">RGB, 8 bits, of any size.</param>
    public Tensor Probabilities(Mat image)
    {
        using var scope = NewDisposeScope();
        return new SegmenterViews(Model, View).Probabilities(ImageTensor.From(image).to(device)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
