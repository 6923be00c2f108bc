using Vision.Segmentation;

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
    /// <exception cref="InputException">The file is damaged, holds something other than a segmenter, or does not compute what it was
    /// exported from.</exception>
    public static OnnxSegmenter Load(string path) =>
        new(new OnnxPixels(OnnxNetwork.Load(path, "a segmenter", OnnxTask.SemanticSegmentation)));
}
