using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vision.Cli.Output;

/// <summary>Writes small results as JSON files.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    /// <summary>Writes the value if a file was requested, creating its folder. The file is either complete or absent.</summary>
    public static void Write(FileInfo? file, JsonNode value)
    {
        if (file is not null) TextFile.Write(file, value.ToJsonString(indented) + Environment.NewLine);
    }
}
