using Google.Protobuf;
using Vision.Onnx.Outlines;

namespace Vision.Onnx;

/// <summary>An ONNX file without its weights, for what has to be known before the file is loaded.</summary>
internal sealed class OnnxOutline
{
    private readonly string path;
    private readonly Model model;

    private OnnxOutline(string path, Model model) => (this.path, this.model) = (path, model);

    /// <summary>The JSON of the contract.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public string ContractText =>
        model.MetadataProps.FirstOrDefault(entry => entry.Key == OnnxContract.Key)?.Value
        ?? throw new InputException(
            $"{path} says nothing about its classes and its input: this toolkit runs the files that it exported itself. " +
            "Export the network again, or give its weights.");

    /// <summary>Rejects a file that a runtime must not load (<see cref="OutlineCheck"/>).</summary>
    /// <exception cref="InputException">It must not be loaded.</exception>
    public void Check() => OutlineCheck.Run(path, model);

    /// <summary>Reads a file, skipping its weights.</summary>
    /// <exception cref="InputException">It cannot be read, or is not an ONNX model.</exception>
    public static OnnxOutline Read(string path)
    {
        if (!File.Exists(path)) throw new InputException($"{path}: there is no such file.");
        try
        {
            using FileStream file = File.OpenRead(path);
            Model model = Model.Parser.WithDiscardUnknownFields(true).ParseFrom(file);
            if (model.Graph is null) throw new InputException($"{path} is not an ONNX model: it has no graph. Export it again.");
            return new(path, model);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InputException($"{path} is damaged, or is not an ONNX model ({e.Message}); export it again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {e.Message}", e);
        }
    }
}
