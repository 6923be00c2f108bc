using Vision.Classification;
using static TorchSharp.torch;

namespace Vision.Onnx;

/// <summary>A classifier in an exported file, ready to predict: no weights and no code of the network are needed.</summary>
public sealed class OnnxClassifier : ImageClassifier
{
    private readonly OnnxNetwork network;

    private OnnxClassifier(OnnxNetwork network)
        : base(network, network.Contract.Categories, new(network.Contract.Input.Preprocessing!), null) => this.network = network;

    /// <summary>The contract in the file.</summary>
    public OnnxContract Contract => network.Contract;

    /// <summary>Loads a file.</summary>
    /// <param name="path">An <c>.onnx</c> file that this toolkit exported.</param>
    /// <param name="device">Where ONNX Runtime computes; by default on the CPU. Images and results are on the CPU in any case.</param>
    /// <exception cref="InputException">The file is damaged, holds something other than a classifier, or does not compute what it was
    /// exported from.</exception>
    /// <exception cref="NotSupportedException">ONNX Runtime cannot compute on this device here; the message says why.</exception>
    public static OnnxClassifier Load(string path, Device? device = null) =>
        new(OnnxNetwork.Load(path, device, "a classifier", OnnxTask.Classification));

    /// <inheritdoc/>
    public override Tensor Logits(Tensor images) => network.Logits(images);
}
