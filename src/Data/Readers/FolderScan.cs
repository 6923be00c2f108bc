namespace Vision.Data;

/// <summary>Lists files. Folders that may not be read, such as a disk's <c>lost+found</c>, are skipped.</summary>
internal static class FolderScan
{
    /// <summary>The files in a folder and in all folders below it.</summary>
    public static IEnumerable<string> FilesBelow(string folder, string pattern = "*") => Files(folder, pattern, deep: true);

    /// <summary>The files in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pattern">As for <see cref="Directory.EnumerateFiles(string, string)"/>.</param>
    /// <param name="deep">Whether subfolders are included.</param>
    public static IEnumerable<string> Files(string folder, string pattern, bool deep) =>
        Directory.EnumerateFiles(folder, pattern,
            new EnumerationOptions { RecurseSubdirectories = deep, AttributesToSkip = FileAttributes.System });
}
