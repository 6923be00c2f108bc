using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Onnx;

/// <summary>An exported network in ONNX Runtime that has shown to be the one that was exported.</summary>
internal sealed class OnnxNetwork : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions options = new();

    private OnnxNetwork(string path, OnnxContract contract, InferenceSession session) =>
        (Path, Contract, this.session) = (path, contract, session);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The contract in the file.</summary>
    public OnnxContract Contract { get; }

    /// <summary>Loads a file, and checks that it computes what it was exported from.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where it is computed; null for the CPU.</param>
    /// <param name="what">What is wanted, for messages, such as "a classifier".</param>
    /// <param name="tasks">The tasks that are wanted.</param>
    /// <exception cref="InputException">It cannot be read or must not be loaded, has another task, or computes something else.</exception>
    /// <exception cref="NotSupportedException">ONNX Runtime cannot compute on this device here.</exception>
    public static OnnxNetwork Load(string path, Device? device, string what, params OnnxTask[] tasks)
    {
        OnnxOutline outline = OnnxOutline.Read(path);
        OnnxContract contract = OnnxContract.FromJson(outline.ContractText, path);
        if (!tasks.Contains(contract.Task))
            throw new InputException($"{path} holds a {contract.Model}, which is not {what}: load it as what it is.");
        outline.Check();
        OnnxNetwork network = new(path, contract, Session(path, device ?? CPU));
        try
        {
            network.CheckNames();
            network.CheckFingerprint();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>An image as the input of a network, float32 [1, 3, height, width] in [0, 1].</summary>
    /// <param name="image">RGB, [3, h, w], float32 in [0, 1] or uint8; on any device.</param>
    /// <param name="height">The height that it is resized to, bilinearly.</param>
    /// <param name="width">The width that it is resized to.</param>
    public static Tensor Input(Tensor image, long height, long width)
    {
        Tensor input = empty(1, 3, height, width);
        using Tensor slot = input[0];
        ImageInput.Write(slot, image, [0, 0, 0], [1, 1, 1]);
        return input;
    }

    /// <summary>The outputs for images, by name.</summary>
    /// <param name="images">float32 [N, 3, H, W] in [0, 1].</param>
    /// <exception cref="InputException">ONNX Runtime cannot compute them.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(Tensor images)
    {
        using var scope = NewDisposeScope();
        Tensor pixels = images.cpu().contiguous();
        using OrtValue input = OrtMemory.Of(pixels);
        string[] names = [.. Contract.Outputs.Select(output => output.Name)];
        using IDisposableReadOnlyCollection<OrtValue> outputs = Guarded(Path, "computes this image", () =>
            session.Run(options, [Contract.Input.Name], [input], names));
        return names.Zip(outputs).ToDictionary(pair => pair.First, pair => OrtMemory.ToTensor(pair.Second).MoveToOuterDisposeScope());
    }

    /// <summary>The only output of a classifier or a segmenter.</summary>
    /// <param name="images">As in <see cref="Run"/>.</param>
    /// <exception cref="InputException">As in <see cref="Run"/>.</exception>
    public Tensor Logits(Tensor images)
    {
        using var scope = NewDisposeScope();
        Tensor logits = Run(images)[ContractOf.Logits];
        if (logits.dim() < 2 || logits.shape[1] != Contract.Categories.Count)
            throw new InputException(
                $"{Path}: its logits are [{string.Join(", ", logits.shape)}] for {Contract.Categories.Count} classes; " +
                "export the network again.");
        return logits.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        session.Dispose();
        options.Dispose();
    }

    private void CheckNames()
    {
        if (session.InputMetadata is not { Count: 1 } inputs || !inputs.TryGetValue(Contract.Input.Name, out NodeMetadata? input)
            || !input.IsTensor || input.ElementType != typeof(float))
            throw new InputException($"{Path}: its input is not the images that its contract names; export the network again.");
        foreach (OnnxOutput output in Contract.Outputs)
            if (!session.OutputMetadata.TryGetValue(output.Name, out NodeMetadata? given) || !OrtMemory.CanRead(given))
                throw new InputException($"{Path}: it does not have the output {output.Name} of its contract; export the network again.");
    }

    private void CheckFingerprint()
    {
        using var scope = NewDisposeScope();
        OnnxFingerprint fingerprint = Contract.Fingerprint;
        double difference = fingerprint.DifferenceTo(Run(fingerprint.Image()));
        if (!(difference <= fingerprint.Tolerance))
            throw new InputException(FormattableString.Invariant(
                $"{Path}: the file drifts from what it was exported from: the largest difference in its fingerprint is {difference:G3}, ") +
                FormattableString.Invariant($"and rounding explains {fingerprint.Tolerance:G3}. Export the network again."));
    }

    private static InferenceSession Session(string path, Device device)
    {
        using SessionOptions options = new()
        {
            IntraOpNumThreads = get_num_threads(),
            // Each size of image would keep a plan of its own in memory for good.
            EnableMemoryPattern = false,
            // What goes wrong is thrown, and not also printed.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // Its threads would otherwise keep the cores busy between images, when the toolkit's own work.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        if (device.type != DeviceType.CPU) ComputeOn(device, options);
        return Guarded(path, "loads", () => new InferenceSession(path, options));
    }

    private static void ComputeOn(Device device, SessionOptions options)
    {
        if (device.type != DeviceType.CUDA)
            throw new NotSupportedException($"ONNX Runtime computes on the CPU and with CUDA, not on {device}.");
        try
        {
            using OrtCUDAProviderOptions cuda = new();
            // Rounding to 10 bits would be more than fingerprints allow.
            cuda.UpdateOptions(new() { ["device_id"] = $"{Math.Max(0, device.index)}", ["use_tf32"] = "0" });
            options.AppendExecutionProvider_CUDA(cuda);
        }
        catch (OnnxRuntimeException e)
        {
            throw new NotSupportedException($"ONNX Runtime cannot use CUDA: {Line(e)}", e);
        }
    }

    private static string Line(OnnxRuntimeException e) => e.Message.ReplaceLineEndings(" ").Trim();

    /// <summary>Calls ONNX Runtime, whose complaints are about the file.</summary>
    private static T Guarded<T>(string path, string what, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (OnnxRuntimeException e)
        {
            throw new InputException($"{path}: ONNX Runtime fails before it {what} ({Line(e)}); " +
                "export the network again.", e);
        }
    }
}
