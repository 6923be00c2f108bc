using System.Text.Json;

namespace Vision.Evaluation;

/// <summary>Reads COCO's json with readable error messages.</summary>
internal static class CocoJsonReader
{
    /// <summary>Reads a file as <typeparamref name="T"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">The expected content, to complete the sentence "… is not".</param>
    public static T Read<T>(string path, string expected) where T : class
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream) ?? throw new InputException($"{path} is not {expected}: it holds null.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"There is no file {path}.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InputException($"{path} cannot be read as a file: {e.Message}", e);
        }
        catch (JsonException e)
        {
            string place = e.Path is null ? "" : $" at {e.Path}";
            throw new InputException($"{path} is not {expected}: it cannot be parsed{place} (line {e.LineNumber + 1}).", e);
        }
    }

    /// <summary>Throws for the first field without a value.</summary>
    public static void Require(string path, string subject, params ReadOnlySpan<(string Name, object? Value)> fields)
    {
        foreach (var (name, value) in fields)
            if (value is null) throw new InputException($"{path}: {subject} has no '{name}'.");
    }

    /// <summary>Throws unless a box has four numbers.</summary>
    public static void RequireBox(string path, string subject, double[] box)
    {
        if (box.Length != 4)
            throw new InputException($"{path}: the bbox of {subject} has {box.Length} numbers; expected [x, y, width, height].");
    }
}
