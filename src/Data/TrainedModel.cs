using OpenCvSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Data;

/// <summary>A network with its weights and the names of its classes, ready to predict.</summary>
/// <typeparam name="TResult">What it predicts for an image.</typeparam>
public abstract class TrainedModel<TResult> : IDisposable
{
    private readonly IDisposable network;

    /// <summary>Takes a network. A module of TorchSharp is moved to its device and put into evaluation mode.</summary>
    /// <param name="network">The network, which this object owns from now on.</param>
    /// <param name="categories">Its classes, in the order of their labels.</param>
    /// <param name="device">The device to compute on; null for the CPU.</param>
    protected TrainedModel(IDisposable network, IReadOnlyList<Category> categories, Device? device)
    {
        this.network = network;
        Categories = categories;
        Device = device ?? CPU;
        if (network is not nn.Module module) return;
        module.to(Device);
        module.eval();
    }

    /// <summary>The classes, in the order of their labels.</summary>
    public IReadOnlyList<Category> Categories { get; }

    /// <summary>The colors of the classes in their data set; null if it has none.</summary>
    public virtual IReadOnlyList<(byte Red, byte Green, byte Blue)>? Colors => null;

    /// <summary>The device to compute on.</summary>
    public Device Device { get; }

    /// <summary>Predicts for an image file.</summary>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public TResult Predict(string path)
    {
        using Mat image = ImageFile.Read(path);
        return Predict(image);
    }

    /// <summary>Predicts for an image.</summary>
    /// <param name="image">RGB, 8 bits, of any size.</param>
    public virtual TResult Predict(Mat image)
    {
        using var scope = NewDisposeScope();
        return Predict(ImageTensor.Bytes(image));
    }

    /// <summary>Predicts for an image.</summary>
    /// <param name="image">RGB, [3, H, W], float32 in [0, 1] or uint8, on any device.</param>
    public abstract TResult Predict(Tensor image);

    /// <summary>Predicts for several images, with the same results as one by one.</summary>
    /// <param name="images">RGB, 8 bits, of any sizes.</param>
    public IReadOnlyList<TResult> Predict(IEnumerable<Mat> images) => [.. images.Select(Predict)];

    /// <summary>Predicts for several image files, with the same results as one by one.</summary>
    /// <exception cref="InputException">A file cannot be read.</exception>
    public IReadOnlyList<TResult> Predict(IEnumerable<string> paths) => [.. paths.Select(Predict)];

    /// <summary>Frees the network.</summary>
    public virtual void Dispose() => network.Dispose();

    /// <summary>The name of the model in a file: that in its description, or else the caller's.</summary>
    /// <param name="weights">The file.</param>
    /// <param name="described">Its description; null for published weights.</param>
    /// <param name="model">The caller's name; null for the described one.</param>
    /// <param name="backbone">The caller's backbone in place of the one in the name; null for the described one.</param>
    /// <exception cref="InputException">The two differ, or both are missing.</exception>
    protected static string NameOf(string weights, ModelDescription? described, string? model, string? backbone = null)
    {
        if (described is null)
            return model ?? throw new InputException($"{weights} does not say which model it holds: name it.");
        if (model is not null && model != described.Model)
            throw new InputException($"{weights} holds a {described.Model}, not a {model}: name that model.");
        if (backbone is not null && backbone != described.Backbone)
            throw new InputException(
                $"{weights} holds a {described.Model} on {described.Backbone ?? "its own backbone"}, not on {backbone}: " +
                "leave the backbone out.");
        return described.Model;
    }
}
