using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vision.Cli.Output;

/// <summary>Small results as JSON files.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    /// <summary>Writes the value, if a file was asked for, and makes the folder for it.</summary>
    public static void Write(FileInfo? file, JsonNode value)
    {
        if (file is null) return;
        file.Directory!.Create();
        File.WriteAllText(file.FullName, value.ToJsonString(indented) + Environment.NewLine);
    }
}
