using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vision.Weights;

namespace Vision.Cli.Output;

/// <summary>Writes small results as JSON files.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    /// <summary>Writes the value if a file was requested, creating its folder. The file is either complete or absent.</summary>
    public static void Write(FileInfo? file, JsonNode value)
    {
        if (file is null) return;
        byte[] text = Encoding.UTF8.GetBytes(value.ToJsonString(indented) + Environment.NewLine);
        // Devices such as /dev/stdout must not be replaced by a file.
        if (file.FullName.StartsWith("/dev/", StringComparison.Ordinal)) File.WriteAllBytes(file.FullName, text);
        else AtomicFile.Write(file.FullName, stream => stream.Write(text));
    }
}
