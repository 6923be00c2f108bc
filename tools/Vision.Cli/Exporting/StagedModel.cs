namespace Vision.Cli.Exporting;

/// <summary>
/// A model file, perhaps with a second one for its weights, that is written and checked in a folder of its own beside its place, and gets
/// its place only then.
/// </summary>
internal sealed class StagedModel : IDisposable
{
    private readonly string path;
    private readonly DirectoryInfo folder;

    /// <summary>Creates the folder.</summary>
    /// <param name="path">The place.</param>
    public StagedModel(string path)
    {
        this.path = path;
        string parent = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        folder = Directory.CreateDirectory(Combined(parent, $".{System.IO.Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp"));
    }

    /// <summary>Where it is written, under its own name: the file refers to the second one by its name.</summary>
    public string Path => Combined(folder.FullName, System.IO.Path.GetFileName(path));

    /// <summary>The files that a model may consist of.</summary>
    public static IReadOnlyList<string> Files(string path) => [$"{path}.data", path];

    /// <summary>Another file that is needed only until the end.</summary>
    public string Beside(string name) => Combined(folder.CreateSubdirectory("other").FullName, name);

    /// <summary>Gives it its place.</summary>
    public void Publish()
    {
        foreach (var (from, to) in Files(Path).Zip(Files(path)))
            if (File.Exists(from)) File.Move(from, to, overwrite: true);
    }

    /// <summary>Deletes the folder and what is left in it.</summary>
    public void Dispose() => folder.Delete(recursive: true);

    private static string Combined(string folder, string name) => System.IO.Path.Combine(folder, name);
}
