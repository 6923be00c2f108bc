using OpenCvSharp;
using TorchSharp;
using Vision.Data;
using Vision.Training;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Cli.Benchmarks;

/// <summary>A model to time, with a batch to compute on.</summary>
internal abstract class BenchSubject : IDisposable
{
    private readonly nn.Module model;
    private bool isCompiled;

    /// <summary>Moves the model to its device and sets training or evaluation mode.</summary>
    protected BenchSubject(BenchOptions options, nn.Module model, (int Height, int Width) usualSize)
    {
        Options = options;
        (Height, Width) = options.Size ?? usualSize;
        this.model = model.to(options.Device);
        model.train(options.Train);
    }

    /// <summary>What to time.</summary>
    protected BenchOptions Options { get; }

    /// <summary>Height of the model's input image.</summary>
    protected int Height { get; }

    /// <summary>Width of the model's input image.</summary>
    protected int Width { get; }

    /// <summary>Images in a batch.</summary>
    public int BatchSize => Options.BatchSize;

    /// <summary>Number of parameters, trained or frozen, without buffers.</summary>
    public long Parameters => model.parameters().Sum(parameter => parameter.numel());

    /// <summary>A readable description of what is timed.</summary>
    public string Description =>
        $"{Options.Model}{(Options.Backbone is { } backbone ? $" on {backbone}" : "")}, {BatchSize} × {Height}×{Width}, " +
            $"{(Options.Train ? "training step" : isCompiled ? "compiled inference" : "inference")}, {get_num_threads()} threads";

    /// <summary>Creates the model with its batch.</summary>
    /// <exception cref="InputException">There is no such model, it cannot be compiled, or the photograph cannot be read.</exception>
    /// <exception cref="WeightsException">The weights do not belong to the model.</exception>
    public static BenchSubject Create(BenchOptions options)
    {
        manual_seed(0);
        return ModelKinds.Of(options.Model) switch
        {
            ModelKind.Classifier => new ClassifierBench(options),
            ModelKind.Segmenter => new SegmenterBench(options),
            _ => new DetectorBench(options),
        };
    }

    /// <summary>The timed work: one batch through the model, with gradients if training is timed.</summary>
    public void Step()
    {
        using var scope = NewDisposeScope();
        if (Options.Train)
        {
            model.zero_grad();
            Loss().backward();
        }
        else
        {
            Predict();
        }
        if (Options.Device.type == DeviceType.CUDA) cuda.synchronize();
    }

    /// <inheritdoc/>
    public virtual void Dispose() => model.Dispose();

    /// <summary>Predicts the batch.</summary>
    protected abstract void Predict();

    /// <summary>The loss of the batch.</summary>
    protected abstract Tensor Loss();

    /// <summary>Compiles the model if that is asked for, and prediction is timed.</summary>
    /// <exception cref="InputException">It cannot be compiled.</exception>
    protected void Compile(Action compile) => isCompiled = !Options.Train && Options.Engine.Apply(Options.Model, compile);

    /// <summary>The image that the batch repeats: [3, H, W] in [0, 1], on the device.</summary>
    protected Tensor Image()
    {
        if (Options.Image is null) return rand(3, Height, Width).to(Options.Device);
        using Mat photograph = ImageFile.Read(Options.Image);
        using Mat resized = new();
        Cv2.Resize(photograph, resized, new OpenCvSharp.Size(Width, Height));
        return ImageTensor.From(resized).to(Options.Device);
    }
}
