using OpenCvSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Data;

/// <summary>A network with its weights and the names of its classes, ready to predict.</summary>
/// <typeparam name="TResult">What it says of an image.</typeparam>
public abstract class TrainedModel<TResult> : IDisposable
{
    /// <summary>Names the device that the network is on.</summary>
    protected TrainedModel(Device device) => Device = device;

    /// <summary>The classes, in the order of their labels.</summary>
    public abstract IReadOnlyList<Category> Categories { get; }

    /// <summary>The colors of the classes in their data set; null where it has none.</summary>
    public virtual IReadOnlyList<(byte Red, byte Green, byte Blue)>? Colors => null;

    /// <summary>Where it is computed.</summary>
    public Device Device { get; }

    /// <summary>What the model says of an image file.</summary>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public TResult Predict(string path)
    {
        using Mat image = ImageFile.Read(path);
        return Predict(image);
    }

    /// <summary>What the model says of an image.</summary>
    /// <param name="image">RGB, 8 bits, of any size.</param>
    public virtual TResult Predict(Mat image)
    {
        using var scope = NewDisposeScope();
        return Predict(ImageTensor.From(image));
    }

    /// <summary>What the model says of an image.</summary>
    /// <param name="image">RGB, float32 [3, H, W] in [0, 1], on any device.</param>
    public abstract TResult Predict(Tensor image);

    /// <summary>What the model says of each of several images: the same as one by one.</summary>
    /// <param name="images">RGB, 8 bits, of any sizes.</param>
    public IReadOnlyList<TResult> Predict(IEnumerable<Mat> images) => [.. images.Select(Predict)];

    /// <summary>What the model says of each of several image files: the same as one by one.</summary>
    /// <exception cref="InputException">A file cannot be read.</exception>
    public IReadOnlyList<TResult> Predict(IEnumerable<string> paths) => [.. paths.Select(Predict)];

    /// <summary>Frees the network.</summary>
    public abstract void Dispose();
}
