namespace Vision.Data;

/// <summary>Puts images into a folder of a new data set, under unique names.</summary>
internal sealed class ImagePlaces(bool link)
{
    private readonly Dictionary<string, string> names = [];
    private readonly HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Copies or links an image, and returns its new name. The same file gets the same name and is stored once.</summary>
    /// <param name="file">The image.</param>
    /// <param name="folder">The target folder; always the same one for an instance.</param>
    /// <exception cref="InputException">The image cannot be copied.</exception>
    public string Put(string file, string folder)
    {
        string source = Path.GetFullPath(file);
        if (names.TryGetValue(source, out string? known)) return known;

        // Names are unique without their extensions, since label files are named after them.
        string stem = Path.GetFileNameWithoutExtension(source), name = stem;
        for (int number = 2; !taken.Add(name); number++) name = $"{stem}_{number}";
        name += Path.GetExtension(source);
        try
        {
            Directory.CreateDirectory(folder);
            string target = Path.Combine(folder, name);
            if (link) File.CreateSymbolicLink(target, source);
            else File.Copy(source, target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"{source}: the image cannot be put into {folder} ({exception.Message}); check the space and the permissions there.",
                exception);
        }
        return names[source] = name;
    }
}
