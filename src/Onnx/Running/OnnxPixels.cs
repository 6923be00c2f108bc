using Vision.Segmentation;
using static TorchSharp.torch;

namespace Vision.Onnx;

/// <summary>An exported network that classifies every pixel.</summary>
/// <param name="network">The network, which this object owns.</param>
internal sealed class OnnxPixels(OnnxNetwork network) : ISegmenter
{
    /// <summary>The contract in the file.</summary>
    public OnnxContract Contract => network.Contract;

    /// <inheritdoc/>
    public int NumClasses => Contract.Categories.Count;

    /// <inheritdoc/>
    public Device Device => CPU;

    /// <inheritdoc/>
    public Tensor Logits(Tensor image, long height, long width)
    {
        using var scope = NewDisposeScope();
        return network.Logits(OnnxNetwork.Input(image, height, width)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();
}
