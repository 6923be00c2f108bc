using OpenCvSharp;
using TorchSharp;
using Vision.Weights;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>A detector with its weights and the names of its classes, ready to predict.</summary>
public sealed class TrainedDetector : IDisposable
{
    private const int PublishedClasses = 91;

    private readonly Device device;

    private TrainedDetector(Detector model, DetectorDescription description, Device device)
    {
        this.device = device;
        Model = model;
        Description = description;
    }

    /// <summary>The network, in evaluation mode.</summary>
    public Detector Model { get; }

    /// <summary>What was read with the weights, or taken for granted of published ones.</summary>
    public DetectorDescription Description { get; }

    /// <summary>The classes: label 1 is the first.</summary>
    public IReadOnlyList<Category> Categories => Description.Categories;

    /// <summary>Loads a detector.</summary>
    /// <param name="weights">
    /// A file of the toolkit's own, which says what it holds, or published weights, which do not: of 91 classes they are taken for COCO's.
    /// </param>
    /// <param name="model">The name in <see cref="DetectorCatalog"/>; may be left out where the file says it.</param>
    /// <param name="backbone">The backbone in place of the one in the name, likewise.</param>
    /// <param name="device">Where to compute; the CPU by default.</param>
    /// <exception cref="WeightsException">The file cannot be read, or holds another model than the one named.</exception>
    /// <exception cref="InputException">No model or backbone is called that.</exception>
    public static TrainedDetector Load(string weights, string? model = null, string? backbone = null, Device? device = null)
    {
        DetectorDescription? described = DetectorDescription.FromMetadata(WeightFile.ReadMetadata(weights), weights);
        string name = model ?? described?.Model ?? throw new WeightsException($"{weights} does not say which model it holds: name it.");
        if (described is not null && described.Model != name)
            throw new WeightsException($"{weights} holds a {described.Model}, not a {name}: name that model.");
        if (described is not null && backbone is not null && backbone != described.Backbone)
            throw new WeightsException($"{weights} holds a {name} on {described.Backbone ?? "its own backbone"}, not on {backbone}: leave the backbone out.");

        var tensors = WeightFile.Read(weights);
        try
        {
            DetectorOptions options = DetectorWeights.OptionsFor(name, tensors, weights) with { Backbone = described?.Backbone ?? backbone, ChannelsLast = true };
            if (described is not null)
                options = options with { Norm = described.Norm ?? options.Norm, MinSize = described.MinSize, MaxSize = described.MaxSize, ImageMean = described.ImageMean, ImageStd = described.ImageStd };
            DetectorDescription description = described ?? DetectorDescription.Of(name, options, UsualCategories(options.NumClasses));
            if (description.Categories.Count != options.NumClasses - 1)
                throw new WeightsException($"{weights} is damaged: it names {description.Categories.Count} classes, and its weights are for {options.NumClasses - 1}.");

            Detector detector = DetectorCatalog.Create(name, options);
            DetectorWeights.Load(detector, tensors, weights);
            Device place = device ?? CPU;
            detector.to(place);
            detector.eval();
            return new(detector, description, place);
        }
        finally
        {
            foreach (Tensor tensor in tensors.Values) tensor.Dispose();
        }
    }

    /// <summary>What is found in an image.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <returns>Boxes in pixels of the image.</returns>
    public Detections Predict(Mat image)
    {
        using var scope = NewDisposeScope();
        return Model.call([ImageTensor.From(image).to(device)])[0];
    }

    /// <summary>Where in an image there are objects, whatever their class.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <returns>[h, w], in [0, 1], over the whole image: as of <see cref="Detector.Objectness"/>.</returns>
    /// <exception cref="NotSupportedException">This detector proposes no regions.</exception>
    public Tensor Objectness(Mat image)
    {
        using var scope = NewDisposeScope();
        return Model.Objectness([ImageTensor.From(image).to(device)])[0].MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private static IReadOnlyList<Category> UsualCategories(int numClasses) => numClasses == PublishedClasses
        ? CocoCategories.WithUnused
        : [.. Enumerable.Range(1, numClasses - 1).Select(label => new Category(label, $"class {label}"))];
}
