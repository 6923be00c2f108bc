using Vision.Data;
using Vision.Detection;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Onnx;

/// <summary>A detector in an exported file, ready to predict: no weights and no code of the network are needed.</summary>
public sealed class OnnxDetector : ObjectDetector
{
    private const double MaskThreshold = 0.5;

    private readonly OnnxNetwork network;

    private OnnxDetector(OnnxNetwork network) : base(network, network.Contract.Categories, null) => this.network = network;

    /// <summary>The contract in the file.</summary>
    public OnnxContract Contract => network.Contract;

    /// <summary>Loads a file.</summary>
    /// <param name="path">An <c>.onnx</c> file that this toolkit exported.</param>
    /// <param name="device">Where ONNX Runtime computes; by default on the CPU. Images and results are on the CPU in any case.</param>
    /// <exception cref="InputException">The file is damaged, holds something other than a detector, or does not compute what it was
    /// exported from.</exception>
    /// <exception cref="NotSupportedException">ONNX Runtime cannot compute on this device here; the message says why.</exception>
    public static OnnxDetector Load(string path, Device? device = null) =>
        new(OnnxNetwork.Load(path, device, "a detector", OnnxTask.Detection, OnnxTask.InstanceSegmentation, OnnxTask.Keypoints));

    /// <inheritdoc/>
    public override Detections Detect(Tensor image)
    {
        using var scope = NewDisposeScope();
        IReadOnlyDictionary<string, Tensor> outputs = network.Run(OnnxNetwork.Input(image, image.shape[1], image.shape[2]));
        int[] labels = [.. outputs[ContractOf.Labels].ToHost<long>().Select(label => (int)label)];
        if (labels.FirstOrDefault(label => label < 1 || label > Categories.Count, 1) is not 1 and var wrong)
            throw new InputException($"{network.Path}: it found class {wrong} of {Categories.Count}; export it again.");
        float[] boxes = outputs[ContractOf.Boxes].ToHost<float>();
        return new()
        {
            Boxes = [.. boxes.Chunk(4).Select(box => new Box(box[0], box[1], box[2], box[3]))],
            Labels = labels,
            Scores = outputs[ContractOf.Scores].ToHost<float>(),
            Masks = outputs.TryGetValue(ContractOf.Masks, out Tensor? masks) ? MasksOf(masks) : null,
            Keypoints = outputs.TryGetValue(ContractOf.Keypoints, out Tensor? keypoints) ? KeypointsOf(keypoints) : null,
        };
    }

    private static RleMask[] MasksOf(Tensor masks)
    {
        int height = (int)masks.shape[1], width = (int)masks.shape[2];
        Tensor inside = masks.dtype == ScalarType.Bool ? masks : masks > MaskThreshold;                        // [D, H, W]
        var runs = new RleMask[masks.shape[0]];
        Parallel.For(0, runs.Length, i =>
        {
            using var scope = NewDisposeScope();
            runs[i] = RleMask.Encode(inside[i].ToHost<byte>(), width, height);
        });
        return runs;
    }

    private static Keypoint[][] KeypointsOf(Tensor keypoints)
    {
        Keypoint[] points = [.. keypoints.ToHost<float>().Chunk(3).Select(point => new Keypoint(point[0], point[1], point[2]))];
        return [.. points.Chunk((int)keypoints.shape[1])];
    }
}
