namespace Vision.Cli.Output;

/// <summary>
/// A file that is written bit by bit under another name, and gets its own when it is complete: it is there whole or not at all.
/// </summary>
internal sealed class UnfinishedFile : IDisposable
{
    private readonly string path;
    private readonly string unfinished;

    /// <summary>Begins the file, and makes the folder for it.</summary>
    public UnfinishedFile(string path)
    {
        this.path = path;
        unfinished = path + ".unfinished";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // Without a buffer, nothing is left to be written, and to fail, when it is closed.
        Stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>Where to write to, in pieces that are not too small.</summary>
    public Stream Stream { get; }

    /// <summary>Gives the file its name.</summary>
    public void Complete()
    {
        Stream.Dispose();
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Removes what was not completed.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        File.Delete(unfinished);
    }
}
