using System.CommandLine;
using TorchSharp;
using Vision.Classification;
using Vision.Detection;
using Vision.Onnx;
using Vision.Segmentation;
using Vision.Training;
using static TorchSharp.torch;

namespace Vision.Cli;

/// <summary>The model that a command line names: a network and its weights, or an exported file, which needs nothing else.</summary>
internal sealed class ModelChoice
{
    private readonly string argument;
    private readonly string? weights, backbone;
    private readonly Device device;
    private readonly bool isDeviceNamed;

    private ModelChoice(string argument, string? weights, string? backbone, string place, Engine engine)
    {
        (this.argument, this.weights, this.backbone, Engine) = (argument, weights, backbone, engine);
        (device, isDeviceNamed) = (ComputeDevice.Named(place), place != "auto");
        if (IsExported)
        {
            OnnxContract contract = OnnxContract.Read(argument);
            Name = contract.Model;
            Kind = contract.Task switch
            {
                OnnxTask.Classification => ModelKind.Classifier,
                OnnxTask.SemanticSegmentation => ModelKind.Segmenter,
                _ => ModelKind.Detector,
            };
        }
        else
        {
            Name = argument;
            Kind = ModelKinds.Of(argument);
        }
    }

    /// <summary>The model's name.</summary>
    public string Name { get; }

    /// <summary>The model's kind.</summary>
    public ModelKind Kind { get; }

    /// <summary>How the network is computed.</summary>
    public Engine Engine { get; set; }

    /// <summary>Whether it is an exported file.</summary>
    public bool IsExported => IsFile(argument);

    /// <summary>Whether a name is that of an exported file.</summary>
    public static bool IsFile(string name) => name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>The model of a command line. Nothing is loaded yet.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The argument: a name or an exported file.</param>
    /// <param name="weights">The option for weights, which a name needs and a file does not take.</param>
    /// <param name="backbone">The option for a backbone, likewise.</param>
    /// <param name="device">The option for the device.</param>
    /// <param name="engine">How the network is computed; an exported file has its own engine.</param>
    /// <exception cref="InputException">No model has the name, the file cannot be read, or an option is missing or does not
    /// apply.</exception>
    public static ModelChoice Of(ParseResult parsed, Argument<string> model, Option<string> weights, Option<string?> backbone,
        Option<string> device, Engine engine)
    {
        ModelChoice choice = new(parsed.GetRequiredValue(model), parsed.GetValue(weights), parsed.GetValue(backbone),
            parsed.GetRequiredValue(device), engine);
        if (choice.IsExported)
        {
            if (engine.IsCompiled)
                throw new InputException($"--engine compiled is for models by name: {choice.argument} runs in ONNX Runtime. Leave it out.");
            foreach (Option option in (Option[])[weights, backbone])
                if (parsed.GetResult(option) is { Implicit: false })
                    throw new InputException($"{option.Name} is for models by name, but {choice.argument} is complete: leave it out.");
        }
        else if (choice.weights is null)
            throw new InputException(
                $"{weights.Name} is missing: a {choice.Name} needs weights; only an exported file (.onnx) is complete.");
        choice.Refuse(parsed, [backbone], ModelKind.Detector, ModelKind.Segmenter);
        return choice;
    }

    /// <summary>Rejects options that were given but do not apply to the model's kind.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">The options.</param>
    /// <param name="takers">The kinds of models that they apply to.</param>
    /// <exception cref="InputException">One was given, and the model is of another kind.</exception>
    public void Refuse(ParseResult parsed, IEnumerable<Option> options, params ModelKind[] takers) =>
        CommonOptions.Refuse(parsed, Name, Kind, options, takers);

    /// <summary>Loads the classifier.</summary>
    /// <exception cref="InputException">It cannot be loaded.</exception>
    public ImageClassifier Classifier(CancellationToken cancellation)
    {
        if (IsExported) return Exported(OnnxClassifier.Load);
        TrainedClassifier model = TrainedClassifier.Load(Weights(cancellation), Name, device);
        Engine.Apply(Name, model.Compile);
        return model;
    }

    /// <summary>Loads the segmenter.</summary>
    /// <exception cref="InputException">It cannot be loaded.</exception>
    public ImageSegmenter Segmenter(CancellationToken cancellation)
    {
        if (IsExported) return Exported(OnnxSegmenter.Load);
        TrainedSegmenter model = TrainedSegmenter.Load(Weights(cancellation), Name, backbone, device);
        Engine.Apply(Name, model.Compile);
        return model;
    }

    /// <summary>Loads the detector.</summary>
    /// <exception cref="InputException">It cannot be loaded.</exception>
    public ObjectDetector Detector(CancellationToken cancellation)
    {
        if (IsExported) return Exported(OnnxDetector.Load);
        TrainedDetector model = TrainedDetector.Load(Weights(cancellation), Name, backbone, device);
        Engine.Apply(Name, model.Compile);
        return model;
    }

    /// <summary>Loads the exported file onto the device. ONNX Runtime needs more of CUDA than libtorch, which brings its own: if that is
    /// missing, a GPU that was not asked for by name is left alone.</summary>
    private T Exported<T>(Func<string, Device, T> load)
    {
        try
        {
            return load(argument, device);
        }
        catch (NotSupportedException e) when (isDeviceNamed)
        {
            throw new InputException($"{argument}: {e.Message} Use --device cpu.", e);
        }
        catch (NotSupportedException e) when (device.type != DeviceType.CPU)
        {
            Console.Error.WriteLine($"vision: {argument} is computed on the CPU: {e.Message}");
            return load(argument, CPU);
        }
    }

    private string Weights(CancellationToken cancellation) =>
        WeightsArgument.Resolve(weights, Name, backbone, cancellation: cancellation)!;
}
