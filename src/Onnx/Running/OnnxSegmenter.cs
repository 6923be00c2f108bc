using Vision.Segmentation;
using static TorchSharp.torch;

namespace Vision.Onnx;

/// <summary>A segmenter in an exported file, ready to predict: no weights and no code of the network are needed.</summary>
public sealed class OnnxSegmenter : ImageSegmenter
{
    private OnnxSegmenter(OnnxPixels network)
        : base(network, network.Contract.Categories, network.Contract.Input.ShorterSide, null) => Contract = network.Contract;

    /// <summary>The contract in the file.</summary>
    public OnnxContract Contract { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(byte Red, byte Green, byte Blue)>? Colors => Contract.Colors;

    /// <summary>Loads a file.</summary>
    /// <param name="path">An <c>.onnx</c> file that this toolkit exported.</param>
    /// <param name="device">Where ONNX Runtime computes; by default on the CPU. Images and results are on the CPU in any case.</param>
    /// <exception cref="InputException">The file is damaged, holds something other than a segmenter, or does not compute what it was
    /// exported from.</exception>
    /// <exception cref="NotSupportedException">ONNX Runtime cannot compute on this device here; the message says why.</exception>
    public static OnnxSegmenter Load(string path, Device? device = null) =>
        new(new OnnxPixels(OnnxNetwork.Load(path, device, "a segmenter", OnnxTask.SemanticSegmentation)));
}
