using Microsoft.ML.OnnxRuntime;
using Vision.Onnx.Exporting;
using Vision.Onnx.Schema;
using static TorchSharp.torch;

namespace Vision.Onnx.Quantizing;

/// <summary>A graph in ONNX Runtime, by way of a temporary file, since it may be larger than memory can hold at once.</summary>
internal sealed class ScratchNetwork : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("vision-export-");
    private readonly InferenceSession session;

    /// <summary>Loads a graph with one input.</summary>
    public ScratchNetwork(GraphProto graph)
    {
        try
        {
            string file = Path.Combine(folder.FullName, "network.onnx");
            OnnxModelFile.Write(file, graph, new Dictionary<string, string>());
            using SessionOptions options = new()
            {
                IntraOpNumThreads = get_num_threads(), LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            session = new(file, options);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>The outputs in order, in the current dispose scope.</summary>
    public Tensor[] Run(Tensor image)
    {
        using Tensor pixels = image.contiguous();
        using OrtValue input = OrtMemory.Of(pixels);
        using RunOptions options = new();
        using var results = session.Run(options, session.InputNames, [input], session.OutputNames);
        return [.. results.Select(OrtMemory.ToTensor)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        session.Dispose();
        folder.Delete(recursive: true);
    }
}
