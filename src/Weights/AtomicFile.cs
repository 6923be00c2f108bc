namespace Vision.Weights;

/// <summary>Writes files atomically: they are either complete or do not exist, even if writing is interrupted.</summary>
public static class AtomicFile
{
    private const int BufferBytes = 1 << 20;

    /// <summary>
    /// Writes a temporary file beside it, flushes to disk and replaces the file: readers see the old or the new content, never a part.
    /// A missing folder is created. If <paramref name="write"/> throws, the old file is unchanged.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
