using OpenCvSharp;
using TorchSharp;
using Vision.Backbones;
using Vision.Data;
using Vision.Evaluation;
using Vision.Graphs;
using Vision.Ops;
using Vision.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Classification;

/// <summary>A classifier with its weights and the names of its classes, ready to predict.</summary>
public sealed class TrainedClassifier : ImageClassifier
{
    // A map with fewer locations per side does not localize.
    private const int LeastSteps = 4;

    private CompiledNetwork? compiled;

    private TrainedClassifier(Backbone model, ClassifierDescription description, Device? device)
        : base(model, description.Categories, new(description.Preprocessing), device)
    {
        Model = model;
        Description = description;
    }

    /// <summary>The network, in evaluation mode.</summary>
    public Backbone Model { get; }

    /// <summary>The description that was read with the weights, or is known for published ones.</summary>
    public ClassifierDescription Description { get; }

    /// <summary>Loads a classifier.</summary>
    /// <param name="weights">
    /// A file that this toolkit saved, which describes itself, or published weights, which do not: 1000
    /// classes are assumed to be ImageNet's, 10 to be CIFAR-10's.
    /// </param>
    /// <param name="model">The name in <see cref="BackboneRegistry"/>; may be omitted if the file contains it.</param>
    /// <param name="device">The device to compute on; the CPU by default.</param>
    /// <param name="configure">Changes the preprocessing, such as the size of the crop.</param>
    /// <exception cref="WeightsException">The file cannot be read, or contains another model than the named one.</exception>
    /// <exception cref="InputException">No model has this name.</exception>
    public static TrainedClassifier Load(string weights, string? model = null, Device? device = null,
        Func<Preprocessing, Preprocessing>? configure = null)
    {
        using var scope = NewDisposeScope();
        ClassifierDescription? described = ClassifierDescription.FromMetadata(WeightFile.ReadMetadata(weights), weights);
        string name = NameOf(weights, described, model);
        var tensors = WeightFile.Read(weights);
        Backbone network = ClassifierWeights.Load(name, tensors, weights, described?.Categories.Count);
        described ??= new()
        {
            Model = name,
            Categories = DefaultCategories.For(ClassifierHead.ClassesOf(network, tensors)!.Value),
            Preprocessing = ClassifierDescription.UsualPreprocessing(name, weights),
        };
        Preprocessing preprocessing = configure?.Invoke(described.Preprocessing) ?? described.Preprocessing;
        return new(network, described with { Preprocessing = preprocessing }, device);
    }

    /// <inheritdoc/>
    public override Tensor Logits(Tensor images)
    {
        using var scope = NewDisposeScope();
        Tensor seen = Input.Normalize(images, Device);
        return (compiled?.Call(seen) ?? Model.call(seen)).MoveToOuterDisposeScope();
    }

    /// <summary>Compiles the network, so that further predictions are faster: their scores are the same up to float32 rounding. It takes
    /// about as long as a few predictions.</summary>
    /// <exception cref="PlatformNotSupportedException">This system lacks libtorch's tracer: it is on Linux on x86-64.</exception>
    /// <exception cref="NotSupportedException">The network is on a GPU, or uses an operator that cannot be compiled.</exception>
    public void Compile()
    {
        int side = Description.Preprocessing.Crop;
        using Tensor example = zeros([1, Model.InputChannels, side, side], device: Device);
        compiled ??= CompiledNetwork.Of(Model, example);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        compiled?.Dispose();
        base.Dispose();
    }

    /// <summary>The <see cref="GradCam"/> map of the predicted class.</summary>
    /// <param name="image">RGB, 8 bits, of any size.</param>
    /// <remarks>It uses the last stage with at least four locations per side: the last of all, unless images are small.</remarks>
    /// <returns>float32 [h, w], in [0, 1], over the whole image; 0 outside the square crop
    /// that the network is fed.</returns>
    public Tensor ActivationMap(Mat image)
    {
        using var scope = NewDisposeScope();
        Tensor seen = Input.Normalize(Input.Cropped(image), Device);                            // [1, 3, side, side]
        long side = seen.shape[^1];
        int stage = Model.Stages.Count - 1;
        while (stage > 0 && Model.Stages[stage].Reduction * LeastSteps > side) stage--;
        Tensor map = GradCam.Of(Model, seen, stage: stage).unsqueeze(0).unsqueeze(0);  // [1, 1, 7, 7] for most networks
        map = interpolate(map, [side, side], mode: InterpolationMode.Bilinear, align_corners: false);
        (int width, int height, int left, int top) = Input.Crop.PlaceIn(image.Width, image.Height);
        // Negative padding crops: the black around a small image.
        return pad(map, (left, width - side - left, top, height - side - top))[0, 0].MoveToOuterDisposeScope();
    }
}
