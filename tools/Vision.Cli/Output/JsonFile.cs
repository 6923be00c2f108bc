using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vision.Weights;

namespace Vision.Cli.Output;

/// <summary>Small results as JSON files.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    /// <summary>Writes the value, if a file was asked for, and makes the folder for it. The file is there whole or not at all.</summary>
    public static void Write(FileInfo? file, JsonNode value)
    {
        if (file is null) return;
        byte[] text = Encoding.UTF8.GetBytes(value.ToJsonString(indented) + Environment.NewLine);
        // What is no file, such as /dev/stdout, is not to be replaced by one.
        if (file.FullName.StartsWith("/dev/", StringComparison.Ordinal)) File.WriteAllBytes(file.FullName, text);
        else AtomicFile.Write(file.FullName, stream => stream.Write(text));
    }
}
