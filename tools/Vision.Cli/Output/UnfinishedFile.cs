namespace Vision.Cli.Output;

/// <summary>
/// A file that is written under a temporary name and renamed when complete, so that it is either complete or absent.
/// </summary>
internal sealed class UnfinishedFile : IDisposable
{
    private readonly string path;
    private readonly string unfinished;

    /// <summary>Starts the file, creating its folder.</summary>
    public UnfinishedFile(string path)
    {
        this.path = path;
        unfinished = path + ".unfinished";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // Without a buffer, nothing remains to be written, and to fail, when it is closed.
        Stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>The stream to write to, in chunks that are not too small.</summary>
    public Stream Stream { get; }

    /// <summary>Gives the file its name.</summary>
    public void Complete()
    {
        Stream.Dispose();
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Deletes an incomplete file.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        File.Delete(unfinished);
    }
}
