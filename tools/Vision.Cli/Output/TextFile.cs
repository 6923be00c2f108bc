using System.Text;
using Vision.Weights;

namespace Vision.Cli.Output;

/// <summary>Writes small results as text.</summary>
internal static class TextFile
{
    /// <summary>Writes the text, creating the file's folder. The file is either complete or absent.</summary>
    public static void Write(FileInfo file, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        // Devices such as /dev/stdout must not be replaced by a file.
        if (file.FullName.StartsWith("/dev/", StringComparison.Ordinal)) File.WriteAllBytes(file.FullName, bytes);
        else AtomicFile.Write(file.FullName, stream => stream.Write(bytes));
    }
}
