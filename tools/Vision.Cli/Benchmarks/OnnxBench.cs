using Microsoft.ML.OnnxRuntime;

namespace Vision.Cli.Benchmarks;

/// <summary>Times any ONNX file that takes images, in ONNX Runtime.</summary>
internal sealed class OnnxBench : IDisposable
{
    private const int UsualSide = 224;

    private readonly string path;
    private readonly InferenceSession session;
    private readonly RunOptions options = new();
    private readonly OrtValue images;
    private readonly string input;

    /// <summary>Loads a file.</summary>
    /// <param name="path">The file; its first input is [N, 3, H, W] or [3, H, W].</param>
    /// <param name="batchSize">N.</param>
    /// <param name="size">H and W; 224×224 by default. What the file fixes stays as it is.</param>
    /// <param name="threads">Threads to compute with.</param>
    /// <exception cref="InputException">The file is not a network of images.</exception>
    public OnnxBench(string path, int batchSize, (int Height, int Width)? size, int threads)
    {
        this.path = path;
        using SessionOptions settings = new() { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            session = new InferenceSession(path, settings);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InputException($"{path} cannot be timed in ONNX Runtime: {e.Message.Split('\n')[0].Trim()}", e);
        }
        (input, NodeMetadata metadata) = session.InputMetadata.First();
        if (!metadata.IsTensor || metadata.ElementType != typeof(float) || metadata.Dimensions is not { Length: 3 or 4 } shape)
        {
            session.Dispose();
            throw new InputException($"{path} cannot be timed: its input {input} is not float32 [N, 3, H, W] or [3, H, W].");
        }
        (int height, int width) = size ?? (UsualSide, UsualSide);
        long[] wanted = [.. new long[] { batchSize, 3, height, width }.TakeLast(shape.Length)];
        wanted = [.. wanted.Zip(shape, (chosen, given) => given > 0 ? given : chosen)];
        float[] noise = new float[wanted.Aggregate((a, b) => a * b)];
        Random random = new(0);
        for (int i = 0; i < noise.Length; i++) noise[i] = random.NextSingle();
        images = OrtValue.CreateTensorValueFromMemory(noise, wanted);
        Description = $"{Path.GetFileName(path)} in ONNX Runtime, {string.Join('×', wanted)}, {threads} threads";
    }

    /// <summary>A readable description of what is timed.</summary>
    public string Description { get; }

    /// <summary>The timed work.</summary>
    /// <exception cref="InputException">The network cannot be computed.</exception>
    public void Step()
    {
        try
        {
            using var outputs = session.Run(options, [input], [images], session.OutputNames);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InputException($"{path} cannot be timed in ONNX Runtime: {e.Message.Split('\n')[0].Trim()}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        images.Dispose();
        options.Dispose();
        session.Dispose();
    }
}
