using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Onnx.Tests;

/// <summary>A network in ONNX Runtime, with tensors in and out.</summary>
internal sealed class Ort : IDisposable
{
    private readonly InferenceSession session;

    public Ort(string path) => session = new InferenceSession(path, Options);

    public Ort(byte[] model) => session = new InferenceSession(model, Options);

    private static SessionOptions Options => new()
    {
        IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
    };

    /// <summary>The outputs for the inputs, in the current dispose scope.</summary>
    public Tensor[] Run(params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        OrtValue[] given = [.. inputs.Select(input => OrtMemory.Of(input.contiguous()))];
        using RunOptions options = new();
        using var results = session.Run(options, session.InputNames, given, session.OutputNames);
        Tensor[] outputs = [.. results.Select(result => OrtMemory.ToTensor(result).MoveToOuterDisposeScope())];
        foreach (OrtValue value in given) value.Dispose();
        return outputs;
    }

    public void Dispose() => session.Dispose();
}
