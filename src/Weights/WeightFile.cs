using System.Text;
using Vision.Weights.Safetensors;
using Vision.Weights.Torch;
using static TorchSharp.torch;

namespace Vision.Weights;

/// <summary>
/// Files of weights: PyTorch's .pth in both of its formats (.pt, .th and .bin are the same), and
/// safetensors. The format is told by the content, not by the name.
/// </summary>
public static class WeightFile
{
    private const int StartBytes = 512;

    /// <summary>
    /// Reads the state dict: tensors on the CPU by name, in the file's order. The caller owns them, or the dispose scope that is open.
    /// Of a checkpoint, its entry "state_dict", "model_state_dict", "model", "model_state" or "net" is
    /// taken, and the prefix "module." of DataParallel is left out.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightsException">There is no such file, it is damaged or of another kind, or its pickle
    /// asks for anything but tensors and plain containers.</exception>
    public static Dictionary<string, Tensor> Read(string path)
    {
        return Open(path, file =>
        {
            using var scope = NewDisposeScope();
            Dictionary<string, Tensor> tensors = [];
            if (IsSafetensors(file))
            {
                tensors = SafetensorsReader.Read(file);
            }
            else
            {
                using TorchFile torchFile = OpenTorch(file);
                TensorBuilder builder = new(torchFile);
                foreach (var (name, description) in StateDict.Find(torchFile.Root).Tensors) tensors[name] = builder.Build(description);
            }
            foreach (Tensor tensor in tensors.Values) tensor.MoveToOuterDisposeScope();
            return tensors;
        });
    }

    /// <summary>
    /// The text that travels with the weights, without reading these: the metadata of safetensors; of a PyTorch
    /// checkpoint the numbers and strings beside its state dict, such as "epoch".
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightsException">As for <see cref="Read"/>.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        return Open(path, file =>
        {
            if (IsSafetensors(file)) return new SafetensorsHeader(file).Metadata;
            using TorchFile torchFile = OpenTorch(file);
            return StateDict.Find(torchFile.Root).Values;
        });
    }

    /// <summary>Writes safetensors, which Python's package reads. The file is there whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced, and folders are made.</param>
    /// <param name="tensors">Tensors of any device by name; bool, integer or real.</param>
    /// <param name="metadata">Text to travel along.</param>
    /// <exception cref="WeightsException">A tensor is of a type that the format lacks, or the file cannot be written.</exception>
    public static void WriteSafetensors(string path, IReadOnlyDictionary<string, Tensor> tensors,
        IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, tensors, metadata));
        }
        catch (Exception e) when (e is MalformedException or IOException or UnauthorizedAccessException)
        {
            throw new WeightsException($"{path} cannot be written: {e.Message}", e);
        }
    }

    private static T Open<T>(string path, Func<FileStream, T> read)
    {
        if (!File.Exists(path))
            throw new WeightsException(Directory.Exists(path)
                ? $"{path} is a folder; name the file of weights in it" : $"{path}: there is no such file of weights");
        try
        {
            using FileStream file = File.OpenRead(path);
            return read(file);
        }
        catch (MalformedException e)
        {
            throw new WeightsException($"{path} cannot be used: {e.Message}", e);
        }
        catch (EndOfStreamException e)
        {
            throw new WeightsException($"{path} is cut short: its content goes on after its end; get or save it again", e);
        }
        catch (InvalidDataException e)
        {
            throw new WeightsException(
                $"{path} is damaged or cut short: it begins as a zip file of torch.save and does not end as one; get or save it again", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeightsException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static bool IsSafetensors(FileStream file) => SafetensorsHeader.Matches(Start(file));

    private static TorchFile OpenTorch(FileStream file)
    {
        byte[] start = Start(file);
        if (start.AsSpan().StartsWith("PK"u8)) return new ZipTorchFile(file);
        CheckKind(start);
        return new LegacyTorchFile(file);
    }

    /// <summary>Names what people most often have instead of weights.</summary>
    private static void CheckKind(byte[] start)
    {
        string text = Encoding.Latin1.GetString(start).TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\t', '\r', '\n');
        if (start.Length == 0)
            throw new MalformedException("it is empty; get it again");
        if (text.StartsWith('<'))
            throw new MalformedException(
                "it is a web page, not weights: the download was answered by a page; open its address in a browser and save the file itself");
        if (text.StartsWith("version https://git-lfs", StringComparison.Ordinal))
            throw new MalformedException("it is a pointer of Git LFS, not the weights; run 'git lfs pull' where it comes from");
        if (text.Contains("ustar", StringComparison.Ordinal))
            throw new MalformedException("it is a tar file, as PyTorch before 0.1.10 wrote; load and save it once in Python");
        // Pickles begin with their protocol's number; torch.save's first one of protocol 1 with a decimal integer.
        if (start[0] != 0x80 && !text.StartsWith("L11954703714603880", StringComparison.Ordinal))
            throw new MalformedException("it is neither PyTorch's .pth nor safetensors; name a file in one of these formats");
    }

    private static byte[] Start(FileStream file)
    {
        byte[] start = new byte[Math.Min(StartBytes, file.Length)];
        file.Position = 0;
        file.ReadExactly(start);
        file.Position = 0;
        return start;
    }
}
