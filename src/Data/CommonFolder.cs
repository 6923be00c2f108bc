namespace Vision.Data;

/// <summary>Names of files relative to the folder that they have in common.</summary>
internal static class CommonFolder
{
    /// <summary>The innermost folder that contains all files; empty if there is none, or some are no paths.</summary>
    public static string Of(IReadOnlyList<string> files)
    {
        if (files.Count == 0 || Path.GetDirectoryName(files[0]) is not { Length: > 0 } common) return "";
        foreach (string file in files)
            while (!file.StartsWith(common.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                if (Path.GetDirectoryName(common) is { Length: > 0 } parent) common = parent;
                else return "";
        return common;
    }

    /// <summary>The files as seen from the folder, with / between names on every system.</summary>
    public static string[] Relative(IEnumerable<string> files, string folder) => [.. files.Select(file =>
        (folder.Length == 0 ? file : file[folder.Length..].TrimStart(Path.DirectorySeparatorChar)).Replace('\\', '/'))];
}
