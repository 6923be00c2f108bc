using System.Text;
using Vision.Weights.Safetensors;
using Vision.Weights.Torch;
using static TorchSharp.torch;

namespace Vision.Weights;

/// <summary>
/// Weights files: PyTorch's .pth in both of its formats (.pt, .th and .bin are the same), and
/// safetensors. The format is detected by content, not by name.
/// </summary>
public static class WeightFile
{
    private const int StartBytes = 512;

    /// <summary>
    /// Reads the state dict: tensors on the CPU by name, in file order. They are owned by the caller or the open dispose scope.
    /// From a checkpoint, the entry "state_dict", "model_state_dict", "model", "model_state" or "net" is
    /// read, and DataParallel's prefix "module." is removed.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightsException">The file does not exist, is damaged or of another kind, or its pickle
    /// uses anything but tensors and plain containers.</exception>
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
    /// Reads the metadata without the weights: that of safetensors, or the numbers and strings beside the state dict
    /// of a PyTorch checkpoint, such as "epoch".
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightsException">As in <see cref="Read"/>.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        return Open(path, file =>
        {
            if (IsSafetensors(file)) return new SafetensorsHeader(file).Metadata;
            using TorchFile torchFile = OpenTorch(file);
            return StateDict.Find(torchFile.Root).Values;
        });
    }

    /// <summary>Writes safetensors, which Python's package can read. The file is written atomically.</summary>
    /// <param name="path">The file; an existing one is replaced, and missing folders are created.</param>
    /// <param name="tensors">Tensors on any device by name; bool, integer or real.</param>
    /// <param name="metadata">Strings to store with the tensors.</param>
    /// <exception cref="WeightsException">A tensor has a type that the format lacks, or the file cannot be written.</exception>
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
                ? $"{path} is a folder; pass the weights file in it" : $"{path}: there is no such weights file");
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
            throw new WeightsException($"{path} is truncated: its content continues after its end; download or save it again", e);
        }
        catch (InvalidDataException e)
        {
            throw new WeightsException(
                $"{path} is damaged or truncated: it begins like a zip file of torch.save, but has no end; download or save it again", e);
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

    /// <summary>Identifies the files that are most often used instead of weights.</summary>
    private static void CheckKind(byte[] start)
    {
        string text = Encoding.Latin1.GetString(start).TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\t', '\r', '\n');
        if (start.Length == 0)
            throw new MalformedException("it is empty; download it again");
        if (text.StartsWith('<'))
            throw new MalformedException(
                "it is a web page, not weights: the download returned a page; " +
                "open its URL in a browser and save the file itself");
        if (text.StartsWith("version https://git-lfs", StringComparison.Ordinal))
            throw new MalformedException("it is a pointer of Git LFS, not the weights; run 'git lfs pull' in its repository");
        if (text.Contains("ustar", StringComparison.Ordinal))
            throw new MalformedException("it is a tar file of PyTorch before 0.1.10; load and save it once in Python");
        // Pickles begin with their protocol number; torch.save's first pickle of protocol 1 with a decimal integer.
        if (start[0] != 0x80 && !text.StartsWith("L11954703714603880", StringComparison.Ordinal))
            throw new MalformedException("it is neither PyTorch's .pth nor safetensors; use a file in one of these formats");
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
