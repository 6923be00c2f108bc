using OpenCvSharp;
using TorchSharp;
using Vision.Backbones;
using Vision.Data;
using Vision.Evaluation;
using Vision.Ops;
using Vision.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Classification;

/// <summary>A classifier with its weights and the names of its classes, ready to predict.</summary>
public sealed class TrainedClassifier : TrainedModel<ClassScores>
{
    // On fewer, a map tells no places apart.
    private const int LeastSteps = 4;

    private readonly ClassifierInput input;

    private TrainedClassifier(Backbone model, ClassifierDescription description, Device device) : base(device)
    {
        Model = model;
        Description = description;
        input = new(description.Preprocessing);
    }

    /// <summary>The network, in evaluation mode.</summary>
    public Backbone Model { get; }

    /// <summary>What was read with the weights, or is known of published ones.</summary>
    public ClassifierDescription Description { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Category> Categories => Description.Categories;

    /// <summary>Loads a classifier.</summary>
    /// <param name="weights">
    /// A file of the toolkit's own, which says what it holds, or published weights, which do not: of 1000
    /// classes they are taken for ImageNet's, of 10 for CIFAR-10's.
    /// </param>
    /// <param name="model">The name in <see cref="BackboneRegistry"/>; may be left out where the file says it.</param>
    /// <param name="device">Where to compute; the CPU by default.</param>
    /// <exception cref="WeightsException">The file cannot be read, or holds another model than the one named.</exception>
    /// <exception cref="InputException">No model is called that.</exception>
    public static TrainedClassifier Load(string weights, string? model = null, Device? device = null)
    {
        ClassifierDescription? described = ClassifierDescription.FromMetadata(WeightFile.ReadMetadata(weights), weights);
        string name = model ?? described?.Model ?? throw new WeightsException($"{weights} does not say which model it holds: name it.");
        if (described is not null && described.Model != name)
            throw new WeightsException($"{weights} holds a {described.Model}, not a {name}: name that model.");

        var tensors = WeightFile.Read(weights);
        try
        {
            Backbone network = ClassifierWeights.Load(name, tensors, weights, described?.Categories.Count);
            int classes = ClassifierHead.ClassesOf(network, tensors)!.Value;
            ClassifierDescription description = described
                ?? new() { Model = name, Categories = UsualCategories.For(classes),
                    Preprocessing = ClassifierDescription.UsualPreprocessing(name, weights) };
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
    /// <returns>All classes with their probabilities, the surest first.</returns>
    public override ClassScores Predict(Mat image)
    {
        using var noGradient = inference_mode();
        using var scope = NewDisposeScope();
        Tensor logits = Model.call(Seen(image))[0];                                             // [C]
        (Tensor scores, Tensor labels) = logits.softmax(0).sort(0, true);
        return new() { Categories = Categories, Labels = [.. labels.ToHost<long>().Select(label => (int)label)],
            Scores = scores.to(float32).ToHost<float>() };
    }

    /// <inheritdoc/>
    /// <remarks>Values are rounded to 8 bits first, so that the image is resized as one that is read from a file.</remarks>
    /// <returns>All classes with their probabilities, the surest first.</returns>
    public override ClassScores Predict(Tensor image)
    {
        using Mat pixels = ImageTensor.ToMat(image);
        return Predict(pixels);
    }

    /// <summary>Measures the classifier.</summary>
    /// <param name="dataset">Images whose classes are the classifier's, in its order.</param>
    /// <param name="progress">Is told (images done, images in all).</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    /// <exception cref="InputException">No image can be read.</exception>
    public ClassificationMetrics Evaluate(ClassificationDataset dataset, Action<int, int>? progress = null,
        CancellationToken cancellation = default) =>
        ClassifierEvaluation.Run(Model, Description.Preprocessing, dataset, progress, cancellation);

    /// <summary>Where in an image the network sees its surest class (<see cref="GradCam"/>).</summary>
    /// <param name="image">RGB, 8 bits, of any size.</param>
    /// <remarks>Of the last stage that has at least four steps a side: the last of all, unless images are small.</remarks>
    /// <returns>float32 [h, w], in [0, 1], over the whole image: 0 also where the network does not
    /// look, outside of the square that it is shown.</returns>
    public Tensor ActivationMap(Mat image)
    {
        using var scope = NewDisposeScope();
        Tensor seen = Seen(image);                                                              // [1, 3, side, side]
        long side = seen.shape[^1];
        int stage = Model.Stages.Count - 1;
        while (stage > 0 && Model.Stages[stage].Reduction * LeastSteps > side) stage--;
        Tensor map = GradCam.Of(Model, seen, stage: stage).unsqueeze(0).unsqueeze(0);  // [1, 1, 7, 7] for most networks
        map = interpolate(map, [side, side], mode: InterpolationMode.Bilinear, align_corners: false);
        (int width, int height, int left, int top) = input.Crop.PlaceIn(image.Width, image.Height);
        // Less than nothing is cut off: the black around a small image.
        return pad(map, (left, width - side - left, top, height - side - top))[0, 0].MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Dispose() => Model.Dispose();

    /// <summary>An image as the network sees it, [1, 3, side, side].</summary>
    private Tensor Seen(Mat image)
    {
        using var scope = NewDisposeScope();
        (Mat crop, _) = input.Crop.Apply(image.Clone(), new() { ImageId = 0, File = "", Width = image.Width, Height = image.Height },
            Random.Shared);
        using (crop) return input.Normalize(ImageTensor.From(crop).unsqueeze(0), Device).MoveToOuterDisposeScope();
    }
}
