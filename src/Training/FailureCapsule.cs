using System.Text.Json;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// A training step that failed, stored so that it can be repeated anywhere without the data set: the folder <c>failure</c> of a run
/// (<c>failure-2</c> and so on for further ones) with the step's batches, the weights before it, its seeds and the run's options. A step
/// fails if a loss or a gradient is not finite, if memory is not enough, or by an exception.
/// </summary>
/// <example><code>
/// ReplayResult result = FailureCapsule.Open("runs/fasterrcnn_resnet18_fpn-1/failure").Replay();
/// Console.WriteLine(result.Text);
/// </code></example>
public sealed class FailureCapsule
{
    private const string ContentFile = "capsule.json", BatchFile = "batch.safetensors", WeightFileName = "weights.safetensors";
    private const string NoteKey = "Vision.FailureCapsule";
    private const long LargestContent = 1 << 28;

    private FailureCapsule(string folder, CapsuleContent content) => (Folder, Content) = (folder, content);

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Why the step failed.</summary>
    public string Error => Content.Error;

    /// <summary>The epoch of the step, starting at 1.</summary>
    public int Epoch => Content.Epoch;

    /// <summary>The step in the run, starting at 1.</summary>
    public int Step => Content.Step;

    /// <summary>The images of the step.</summary>
    public IReadOnlyList<string> Files => [.. Content.Batches.SelectMany(batch => batch.Files)];

    internal CapsuleContent Content { get; }

    internal string Weights => Path.Combine(Folder, WeightFileName);

    internal string Batches => Path.Combine(Folder, BatchFile);

    /// <summary>Opens a capsule.</summary>
    /// <param name="folder">The folder <c>failure</c> of a run.</param>
    /// <exception cref="InputException">The folder is no capsule, or is damaged, or a newer version of Vision wrote it.</exception>
    public static FailureCapsule Open(string folder)
    {
        string file = Path.Combine(folder, ContentFile);
        if (!File.Exists(file))
            throw new InputException(Directory.Exists(folder)
                ? $"{folder} holds no failed step (there is no {ContentFile} in it): pass the folder failure of a run."
                : $"There is no folder {folder}: pass the folder failure of a run.");
        try
        {
            if (new FileInfo(file).Length > LargestContent) throw new JsonException("it is too long");
            CapsuleContent content = CapsuleContent.Read(File.ReadAllBytes(file));
            if (content.Format != CapsuleContent.Current)
                throw new InputException($"{file} has format {content.Format}, and this version of Vision reads format " +
                    $"{CapsuleContent.Current}: take the version that wrote it.");
            if (content.Batches.Count == 0) throw new JsonException("it has no batch");
            foreach (string part in (string[])[BatchFile, WeightFileName])
                if (!File.Exists(Path.Combine(folder, part)))
                    throw new InputException($"{folder} is incomplete: it has no {part}. Copy the whole folder.");
            return new(folder, content);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InputException($"{file} is damaged: {e.Message} Copy the folder again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Where a step is stored because of whose failure an exception was thrown; null if none is.</summary>
    public static string? FolderOf(Exception exception) => exception.Data[NoteKey] as string;

    /// <summary>Repeats the step, and finds the layer and the operation in which it fails.</summary>
    /// <param name="device">The device to compute on; null for the CPU.</param>
    /// <exception cref="InputException">The capsule is damaged, or the model cannot be built here.</exception>
    public ReplayResult Replay(Device? device = null) => new StepReplay(this, device ?? CPU).Run();

    internal static void Note(Exception exception, string folder) => exception.Data[NoteKey] = folder;

    /// <summary>Whether an exception says that memory was not enough, on a CPU or a GPU.</summary>
    internal static bool IsOutOfMemory(Exception exception) => exception is OutOfMemoryException
        || exception.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase)
        || exception.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes a capsule into a run's folder, as a whole or not at all; earlier ones stay.</summary>
    internal static string Write(RunFolder run, CapsuleContent content, IReadOnlyDictionary<string, Tensor> batches,
        IReadOnlyDictionary<string, Tensor> weights, IReadOnlyDictionary<string, string> description)
    {
        string temporary = Path.Combine(run.Folder, $".failure.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(temporary);
            File.WriteAllBytes(Path.Combine(temporary, ContentFile), content.ToJson());
            WeightFile.WriteSafetensors(Path.Combine(temporary, BatchFile), batches, new Dictionary<string, string>());
            WeightFile.WriteSafetensors(Path.Combine(temporary, WeightFileName), weights, description);
            for (int number = 1; ; number++)
            {
                string folder = run.Failure(number);
                if (Directory.Exists(folder)) continue;
                try
                {
                    Directory.Move(temporary, folder);
                    return folder;
                }
                catch (IOException) when (Directory.Exists(folder))
                {
                    // Another process was faster: the next number.
                }
            }
        }
        catch
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
            throw;
        }
    }
}
